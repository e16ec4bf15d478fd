/**
 * One line of the benchmark in a process of its own: what other lines leave compiled would slow it down. Its argument is the
 * line's place; each message asks for a round.
 */
import { LaneRunner } from '../campaign/lane.js';
import { NOTABLES } from '../campaign/tally.js';
import { targetFactory } from '../targets/index.js';
import { type Seconds, taken } from './clock.js';
import { LINES } from './lines.js';
import { plainLoop, rangesOf } from './plain-loop.js';

/** What came of a round. */
export interface Round {
  readonly seconds: Seconds;
  readonly operations: number;
  readonly withoutEffect: number;
  readonly violations: number;
  /** Pairs a second of the plain loop; 0 where it was not measured. */
  readonly plain: number;
}

/** Violations do not end a measurement, but they are told. */
const FINDINGS = 1000;
/** Ranges of the plain loop. */
const RANGES = 50_000;

const line = LINES[Number(process.argv[2])]!;
const runner = new LaneRunner(await targetFactory('impl', 'xfs'));
const ranges = line.plain ? rangesOf(line.shape, Math.min(line.operations, RANGES)) : [];

process.on('message', () => {
  let operations = 0;
  let withoutEffect = 0;
  let violations = 0;
  const seconds = taken(() => {
    const result = runner.run(line.shape, 0, line.operations, FINDINGS, { shouldStop: () => false });
    operations = result.operations;
    withoutEffect = result.notables[NOTABLES.indexOf('no-effect')]!;
    violations = result.findings.length;
  });
  const plain = line.plain ? plainLoop(ranges) : 0;
  process.send!({ seconds, operations, withoutEffect, violations, plain } satisfies Round);
});

/** A trace says all of what a campaign did: its calls and directives are the same after it was written and read. */
import test from 'ava';
import { implementation } from '../../impl/index.js';
import { readTrace, type TraceLine, writeTrace } from '../../traces/format/index.js';
import { INJECTIONS } from '../adversaries/categories.js';
import { LaneRunner } from './lane.js';
import { ALL_PARTS } from './parts.js';
import type { CampaignShape } from './sequence.js';
import { traceOf } from './trace.js';

const SEQUENCES = 60;

/** Injected calls are numbered when they begin. */
function unnumbered(line: TraceLine): unknown {
  if (line.kind !== 'directive') return line;
  const actions = line.actions.map(action => (action.kind === 'call' ? { ...action.call, id: 0 } : action));
  return { ...line, actions };
}

test('what a campaign did is the same when its trace was written and read', t => {
  const shape: CampaignShape = {
    seed: 'written',
    fs: 'xfs',
    inject: INJECTIONS,
    parts: ALL_PARTS,
    without: [],
    known: [],
    strategy: null,
  };
  const runner = new LaneRunner(implementation['xfs']!);
  const nothing = { id: 'INV-38', message: 'a test', file: 0, offset: 0, length: 0, call: -1 } as const;
  for (let number = 0; number < SEQUENCES; number++) {
    const { sequence, ran, deviations, crashes } = runner.record(shape, 0, number);
    const trace = traceOf(shape, sequence, ran, deviations, nothing, '', crashes);
    const { lines } = readTrace(writeTrace(trace), 'trace');
    t.deepEqual(lines.map(unnumbered), trace.lines.map(unnumbered), `sequence ${number}`);
  }
});

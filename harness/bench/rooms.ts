/**
 * What each room takes of an operation: the tiny part with the mix of fsx, by one task, with more and more of the rooms at
 * work. `node dist/harness/bench/rooms.js`. The sequences are made beforehand and nothing closes them, so all together is
 * less than a campaign. Each set of rooms is measured in a process of its own, turn about.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Target, TargetConfig, Truth } from '../../model/contract/index.js';
import type { Oracle } from '../../model/files/index.js';
import { Checks } from '../../properties/checks/engine/check-set.js';
import { CHECKS, type CheckDefinition } from '../../properties/index.js';
import { ModelPool } from '../campaign/model-pool.js';
import { makeSequence, type Sequence } from '../campaign/sequence.js';
import { Tally } from '../campaign/tally.js';
import { quiet } from '../run/adversary.js';
import type { Watcher } from '../run/engine.js';
import { Runner } from '../run/runner.js';
import { targetFactory } from '../targets/index.js';
import { taken } from './clock.js';
import { LINES } from './lines.js';
import { median } from './statistics.js';

interface Rooms {
  readonly what: string;
  readonly model: boolean;
  /** Null: nobody hears what the target tells. */
  readonly checks: readonly CheckDefinition[] | null;
}

const ROOMS: readonly Rooms[] = [
  { what: 'implementation', model: false, checks: null },
  { what: 'implementation and model', model: true, checks: null },
  { what: 'implementation, and what all checks have in common', model: false, checks: [] },
  { what: 'implementation and checks', model: false, checks: CHECKS },
  { what: 'all', model: true, checks: CHECKS },
];

const SEQUENCES = 300;
const ROUNDS = 9;
/** Rounds until most code is optimized. */
const WARM_UP = 5;

/** Knows nothing and permits everything. */
const nobody: Pick<Oracle, 'invoke' | 'respond' | 'effect'> & Truth = {
  invoke() {},
  respond: () => null,
  effect() {},
  size: () => 0,
  differs: () => -1,
  explain: () => '',
};

const deaf: Watcher = {
  emit() {},
  iteration() {},
  called() {},
  returned: () => null,
  quiescent: () => null,
};

/** A round with these rooms: microseconds an operation. */
async function bench({ model, checks }: Rooms): Promise<() => number> {
  const { shape } = LINES[0]!;
  const factory = await targetFactory('impl', 'xfs');
  const sequences = Array.from({ length: SEQUENCES }, (_, number) => makeSequence(shape, 0, number));
  const operations = sequences.reduce((sum, { calls }) => sum + calls.length, 0);
  const runner = new Runner();
  const tally = new Tally();
  const models = new ModelPool();
  let set: Checks | null = null;
  const install = (target: Target, oracle: Truth, { geometry }: Sequence): void => {
    const input = { geometry, view: target.view!, truth: oracle, device: target.device ?? null };
    if (set === null) set = new Checks(checks!, input);
    else set.reset(input);
    tally.begin(set, geometry.pageSize);
  };
  const run = (sequence: Sequence): void => {
    const watcher = checks === null ? deaf : tally;
    const { geometry, options, files, calls } = sequence;
    const scene = { fs: 'xfs', geometry, options, files, recordDevice: false, writeThrough: false } as const;
    const config: TargetConfig = { ...scene, journal: 'memory', chooser: runner, sink: watcher };
    const target = factory.create(config);
    const oracle = model ? models.take(config) : (nobody as Oracle);
    if (checks !== null) install(target, oracle, sequence);
    runner.begin({ target, oracle, watcher, adversary: quiet });
    for (const call of calls)
      if (!runner.perform(call)) throw new Error(`${runner.finding?.id}: ${runner.finding?.message}`);
  };
  return () => (1e6 * taken(() => sequences.forEach(run)).thread) / operations;
}

async function child(rooms: Rooms): Promise<void> {
  const round = await bench(rooms);
  process.on('message', () => process.send!(round()));
}

async function main(): Promise<void> {
  const measured = ROOMS.map((rooms, place) => ({
    rooms,
    process: fork(fileURLToPath(import.meta.url), [String(place)]),
    times: [] as number[],
  }));
  for (let round = -WARM_UP; round < ROUNDS; round++)
    for (const { process, times } of measured) {
      process.send('round');
      const [time] = (await once(process, 'message')) as [number];
      if (round >= 0) times.push(time);
    }
  for (const { rooms, process, times } of measured) {
    process.kill();
    console.log(`${rooms.what}: ${median(times).toFixed(1)} µs an operation`);
  }
}

const place = process.argv[2];
await (place === undefined ? main() : child(ROOMS[Number(place)]!));

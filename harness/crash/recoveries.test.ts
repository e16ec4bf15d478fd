/** What recovery cannot tell apart is recovered once: that must be so, or states are left out. */
import test from 'ava';
import { implementation, xfsFactory } from '../../impl/index.js';
import {
  DEFAULT_OPTIONS,
  type DeviceHistory,
  silence,
  type TargetConfig,
  type TargetFactory,
  uneventful,
} from '../../model/contract/index.js';
import { createModel } from '../../model/files/index.js';
import { quiet } from '../run/adversary.js';
import { Runner } from '../run/runner.js';
import { CRASH_GEOMETRY, PROGRAM_FILES, programNamed } from './alphabet.js';
import { Choices } from './choices.js';
import { noCounts } from './counts.js';
import { Exhauster } from './exhaust.js';
import { recoveredFiles, stateKey } from './recovered.js';
import { durableAt, Recoveries } from './recoveries.js';

const config: TargetConfig = {
  fs: 'xfs',
  geometry: CRASH_GEOMETRY,
  options: DEFAULT_OPTIONS,
  files: PROGRAM_FILES,
  chooser: uneventful,
  sink: silence,
  recordDevice: true,
  writeThrough: false,
};

/** The history of a program, on a device that nobody uses afterwards. */
function historyOf(name: string): DeviceHistory {
  const program = programNamed(name);
  if (typeof program === 'string') throw new Error(program);
  const runner = new Runner();
  const target = xfsFactory().create({ ...config, chooser: runner });
  const model = createModel({ fs: 'xfs', geometry: CRASH_GEOMETRY, options: DEFAULT_OPTIONS, files: PROGRAM_FILES });
  const watcher = { ...silence, called() {}, returned: () => null, quiescent: () => null };
  runner.begin({ target, oracle: model, watcher, adversary: quiet });
  for (const call of program.calls) runner.perform(call);
  return target.device!.history!;
}

/** All states of a cut, one by one. */
function* states(choices: Choices): Generator<void> {
  choices.reset();
  const places = Array.from(choices.choice, (_, place) => place);
  do yield;
  while (choices.advance(places));
}

const PROGRAMS = [
  'punch-blocks,write-blocks+other',
  'append-blocks,truncate-down-part,prealloc-part',
  'reflink-whole+fsync,write-blocks,zero-part',
];

for (const name of PROGRAMS)
  test(`the states of ${name} recover to what was found for those alike`, t => {
    const history = historyOf(name);
    const factory = implementation['xfs']!;
    const recoveries = new Recoveries(factory, config, true);
    const { sectorSize } = CRASH_GEOMETRY;
    const counts = noCounts();
    let seen = 0;
    for (let cut = 0; cut <= history.length; cut++) {
      const choices = new Choices(history, cut, sectorSize, durableAt(history, cut));
      if (choices.total > 1024) continue;
      let torn = 0;
      for (const _ of states(choices)) {
        seen++;
        if (choices.tears) torn++;
        const { key, finding } = recoveries.find(history, cut, choices, [], counts);
        t.is(finding, null);
        const target = factory.mount!({ ...config, recordDevice: false }, history.image(cut, choices.survivors))!;
        t.is(stateKey(recoveredFiles(target.view!, CRASH_GEOMETRY)), key);
      }
      t.is(torn, choices.torn);
      const met: number[] = [];
      let alike = 0;
      choices.reset();
      do {
        recoveries.find(history, cut, choices, met, counts);
        alike += choices.alike(met);
      } while (choices.advance(met));
      t.is(alike, choices.total, `cut ${cut}`);
    }
    t.true(seen > 4 * counts.mounts, `${seen} states, ${counts.mounts} recoveries`);
  });

test('a recovery that looks at more than it says is caught', t => {
  const xfs = implementation['xfs']!;
  const lying: TargetFactory = {
    name: 'lying',
    create: config => xfs.create(config),
    // Only of the superblocks, which lie behind the data.
    mount: (config, image, looked) =>
      xfs.mount!(config, image, (address, length) => {
        if (address < CRASH_GEOMETRY.blockSize * CRASH_GEOMETRY.deviceBlocks + 256) looked?.(address, length);
      }),
  };
  const program = programNamed('truncate-up-part');
  if (typeof program === 'string') throw new Error(program);
  t.throws(() => new Exhauster(lying, CRASH_GEOMETRY).run(program, true), { message: /looks at more than it says/ });
  t.is(new Exhauster(xfs, CRASH_GEOMETRY).run(program, true).finding, null);
});

/**
 * Random programs, cut at every event of the device with a few choices of survivors: recovery gives the state after some
 * prefix of the transactions, at least as far as the log was forced (INV-62), with the accounting right (INV-63), and no file
 * shows poison or another file's bytes (INV-60). I/O completes in any order.
 */
import test, { type ExecutionContext } from 'ava';
import { CallFlag, DEVICE_POISON, Ev, type OperationName, type Survivors } from '../../model/contract/index.js';
import { ALL, crashScene, NONE } from '../testing/crash-scene.js';
import { metadataText } from '../testing/metadata.js';

function numbers(seed: number): (below: number) => number {
  let x = (seed * 2_654_435_761) >>> 0 || 1;
  return below => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x % below;
  };
}

const STEPS: readonly OperationName[] = [
  ...(['write', 'write', 'write', 'dwrite', 'mapwrite', 'truncate', 'falloc', 'punch', 'zero'] as const),
  ...(['collapse', 'insert', 'fsync', 'fdatasync', 'syncRange', 'writeback', 'writeback', 'sync'] as const),
];
const SHARING: readonly OperationName[] = [
  ...STEPS,
  'reflink',
  'reflink',
  'copy',
  'dedupe',
  'unshare',
  'remount',
  'shutdown',
];
const WHOLE: ReadonlySet<OperationName> = new Set<OperationName>(['collapse', 'insert', 'dwrite', 'reflink', 'copy']);

/** What the other file may hold: the values of the two do not meet. */
const VALUES = 80;

function run(t: ExecutionContext, seed: number, steps: readonly OperationName[], failures = 0): number {
  const random = numbers(seed);
  const geometry = { blockSize: 16, pageSize: 32, maxFolioSize: 64, sectorSize: 8, deviceBlocks: 64 };
  /** What metadata may be after each transaction; two things where a shutdown took the number along. */
  const states: string[][] = [];
  let last = 0;
  const note = (position: number): void => {
    (states[position] ??= []).push(metadataText(scene.target.view!));
    last = Math.max(last, position);
  };
  const forced: { cut: number; position: number }[] = [];
  let mounted = -1;
  const sink = {
    emit(kind: number, _file: number, a: number): void {
      if (kind === Ev.commit) note(a);
      if (kind === Ev['log-force']) forced.push({ cut: scene.cut, position: a });
    },
    iteration(): void {},
  };
  const recovering = {
    emit(kind: number, _file: number, a: number): void {
      if (kind === Ev['log-force'] && mounted < 0) mounted = a;
    },
    iteration(): void {},
  };
  const scene = crashScene(geometry, { sink }, random);
  const spare = crashScene(geometry, { sink: recovering });
  note(0);
  scene.driver.failures = failures;
  for (let step = 0; step < 25; step++) {
    const name = steps[random(steps.length)]!;
    const file = random(2);
    const unit = WHOLE.has(name) ? geometry.blockSize : 1;
    const offset = Math.floor(random(200) / unit) * unit;
    const length = unit * Math.ceil((1 + random(60)) / unit);
    scene.call(name, file, {
      offset,
      length,
      fromFile: random(2),
      fromOffset: Math.floor(random(200) / geometry.blockSize) * geometry.blockSize,
      size: random(200),
      data: { byte: 1 + file * VALUES + (step % VALUES) },
      flags: name === 'shutdown' && random(2) === 0 ? CallFlag.FLUSH : 0,
    });
    if (name === 'shutdown') {
      scene.call('remount');
      note(last);
    }
    if (random(3) === 0) scene.driver.advance();
  }
  scene.driver.settle();
  let count = 0;
  for (let cut = 0; cut <= scene.cut; cut++) {
    const least = forced.filter(entry => entry.cut <= cut).at(-1)?.position ?? 0;
    const some: Survivors = { survives: () => random(2) === 0 };
    const most: Survivors = { survives: () => random(8) !== 0 };
    for (const survive of [NONE, ALL, some, most]) {
      mounted = -1;
      const recovered = spare.mount(scene.image(survive, cut));
      const where = `seed ${seed}, cut ${cut}`;
      t.true(mounted >= least, `${where}: transaction ${mounted} of at least ${least}`);
      t.true(states[mounted]?.includes(metadataText(recovered.target.view!)), `${where}: as after ${mounted}`);
      t.is(recovered.census(), null, where);
      for (const file of [0, 1]) {
        const low = 1 + (steps === SHARING ? 0 : file * VALUES);
        const high = 1 + (steps === SHARING ? 2 : file + 1) * VALUES;
        const wrong = recovered.bytes(file).find(byte => byte !== 0 && (byte < low || byte >= high));
        t.is(wrong, undefined, `${where}: file ${file} shows ${wrong === DEVICE_POISON ? 'poison' : 'the other'}`);
      }
      count++;
    }
  }
  return count;
}

test("random programs recover to a prefix of their transactions and show nobody else's bytes", t => {
  let states = 0;
  for (let seed = 1; seed <= 40; seed++) states += run(t, seed, STEPS);
  t.true(states > 5000, `${states} states`);
});

test('random programs that share blocks recover to a prefix of their transactions and show no poison', t => {
  let states = 0;
  for (let seed = 1; seed <= 40; seed++) states += run(t, seed, SHARING);
  t.true(states > 5000, `${states} states`);
});

test('the same with requests that fail', t => {
  let states = 0;
  for (let seed = 1; seed <= 40; seed++) states += run(t, seed, SHARING, 12);
  t.true(states > 3000, `${states} states`);
});

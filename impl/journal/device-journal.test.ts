/** The log and the metadata areas by themselves, on a device of their own. */
import test from 'ava';
import {
  type DeviceHistory,
  EIO,
  type Errno,
  LoneTask,
  type Steps,
  type Survivors,
  silence,
  type Task,
  Y,
} from '../../model/contract/index.js';
import { MemoryDevice } from '../device/index.js';
import { WorkQueue } from '../work.js';
import { DeviceJournal, emptySuperblock } from './device-journal.js';
import { metadataLayout } from './layout.js';
import { recover } from './recovery.js';

const geometry = { blockSize: 16, pageSize: 16, maxFolioSize: 16, sectorSize: 8, deviceBlocks: 64 };
const layout = metadataLayout(geometry);
const NONE: Survivors = { survives: () => false };
const ALL: Survivors = { survives: () => true };

/** A state of one number per file, changed by transactions that set them. */
class Scene {
  readonly device = new MemoryDevice(geometry, layout.end);
  readonly work = new WorkQueue();
  readonly state: number[] = [];
  readonly journal: DeviceJournal;
  get history(): DeviceHistory {
    return this.device.history!;
  }

  private readonly task: Task = new LoneTask(1);

  constructor(image: Uint8Array | null = null) {
    this.device.reset(true, false, silence, image);
    if (image === null) this.device.load(layout.superblocks[1], emptySuperblock(layout));
    const around = { device: this.device, sink: silence, work: this.work };
    this.journal = new DeviceJournal(around, layout, into => {
      for (const [file, value] of this.state.entries()) into.put(1, file, value, 0, 0);
    });
  }

  set(file: number, value: number, items = 1): number {
    const transaction = this.journal.begin();
    this.state[file] = value;
    for (let i = 0; i < items; i++) transaction.log(1, file, value, Infinity, i);
    return this.journal.commit(transaction);
  }

  /** Runs to the end; the nth bio that completes (from 1) fails if asked for. */
  run<T>(steps: Steps<T>, failing = 0): T {
    let done = 0;
    for (;;) {
      const next = steps.next();
      if (next.done === true) return next.value;
      for (const bio of this.device.inFlight.slice()) this.device.complete(bio, ++done === failing ? EIO : 0);
    }
  }

  force(position: number = this.journal.committed, failing = 0): Errno {
    return this.run(this.journal.force(position, this.task), failing);
  }

  checkpoint(failing = 0): Errno {
    return this.run(this.journal.checkpoint(this.task), failing);
  }

  image(survive: Survivors, cut: number = this.history.length): Uint8Array {
    return this.history.image(cut, survive);
  }

  mounted(survive: Survivors, cut?: number): Scene {
    const scene = new Scene(this.image(survive, cut));
    const error = scene.run(
      scene.journal.recover(
        (_kind, file, a) => {
          scene.state[file] = a;
        },
        () => {},
        scene.task,
        () => {},
      ),
    );
    if (error !== 0) throw new Error('nothing to recover');
    return scene;
  }
}

test('what was forced is recovered, what was only committed is not', t => {
  const scene = new Scene();
  scene.set(0, 1);
  scene.set(1, 2);
  scene.force();
  scene.set(0, 3);
  t.deepEqual(scene.mounted(NONE).state, [1, 2]);
  t.deepEqual(scene.mounted(ALL).state, [1, 2]);
});

test('a force writes the log after a cache flush and through the cache, whatever it carries', t => {
  const scene = new Scene();
  scene.set(0, 1);
  const kinds: string[] = [];
  const steps = scene.journal.force(1, new LoneTask(1));
  while (steps.next().done !== true)
    for (const bio of scene.device.inFlight.slice()) {
      kinds.push(`${bio.kind} ${bio.cargo}${bio.fua ? ' fua' : ''}`);
      scene.device.complete(bio, 0);
    }
  t.deepEqual(kinds, ['flush log', 'write log fua']);
});

test('a record torn at any sector ends the log before it', t => {
  const scene = new Scene();
  scene.set(0, 1);
  scene.force();
  scene.set(0, 2, 8);
  scene.set(0, 3);
  const start = scene.history.length;
  scene.force();
  // Behind the flush and the submission of the write, before its completion.
  const cut = start + 3;
  const [write] = scene.history.volatileAt(cut);
  const sectors = write!.length / geometry.sectorSize;
  t.is(write!.cargo, 'log');
  t.deepEqual(scene.mounted(ALL, cut).state, [3]);
  const behindFirst = (2 * layout.unit) / geometry.sectorSize;
  for (let lost = 0; lost < sectors; lost++) {
    const survive: Survivors = { survives: (_write, sector) => sector !== lost };
    const [value] = scene.mounted(survive, cut).state;
    // Sectors behind the items of a record are padding.
    t.true(lost < behindFirst ? value === 1 || value === 3 : value === 2 || value === 3, `sector ${lost}: ${value}`);
  }
  t.deepEqual(scene.mounted({ survives: (_w, sector) => sector !== 0 }, cut).state, [1]);
});

test('the log goes around its end, and background write-back makes room in it', t => {
  const scene = new Scene();
  let split = 0;
  for (let value = 1; value <= 5 * layout.logUnits; value++) {
    scene.set(value % 3, value, 1 + (value % 7));
    if (value % 2 === 0) {
      const before = scene.history.length;
      scene.force();
      if (scene.history.length - before === 6) split++;
    }
    if (scene.work.count > 0 && value % 5 === 0) scene.run(scene.work.start(0, new LoneTask(8)));
    if (value % 16 === 0) t.deepEqual(scene.mounted(NONE).state, scene.state);
  }
  t.true(split > 0, 'a log write came in two pieces');
});

test('without write-back the state takes the place of a log that is full', t => {
  const scene = new Scene();
  for (let value = 1; value <= 3 * layout.logUnits; value++) {
    scene.set(0, value);
    scene.force();
  }
  t.deepEqual(scene.mounted(NONE).state, [3 * layout.logUnits]);
});

test('at every cut of forces and checkpoints recovery gives a prefix, at least what was forced', t => {
  const scene = new Scene();
  const forced: { cut: number; value: number }[] = [{ cut: 0, value: 0 }];
  for (let value = 1; value <= 12; value++) {
    scene.set(0, value, value);
    if (value % 3 === 0) scene.force();
    if (value % 4 === 0) scene.checkpoint();
    if (scene.journal.durable === value) forced.push({ cut: scene.history.length, value });
  }
  for (let cut = 0; cut <= scene.history.length; cut++) {
    const least = forced.filter(entry => entry.cut <= cut).at(-1)!.value;
    for (let pick = 0; pick < 16; pick++) {
      const survive: Survivors = { survives: (write, sector) => ((write.event + sector * 7) * (pick + 1)) % 5 < 3 };
      const value = scene.mounted(pick === 0 ? ALL : survive, cut).state[0] ?? 0;
      t.true(value >= least && value <= 12, `cut ${cut}: ${value}`);
    }
  }
});

test('recovery cut anywhere leaves what recovers to the same state', t => {
  const scene = new Scene();
  for (let value = 1; value <= 4; value++) scene.set(value % 2, value);
  scene.force();
  const once = scene.mounted(NONE);
  for (let cut = 0; cut <= once.history.length; cut++)
    for (const survive of [NONE, ALL, { survives: (_w, s) => s % 2 === 0 } as Survivors])
      t.deepEqual(once.mounted(survive, cut).state, once.state);
});

test('records that a torn one cut off never come back', t => {
  const scene = new Scene();
  scene.set(0, 1);
  scene.set(0, 2);
  const start = scene.history.length;
  scene.force();
  // The first record is torn, the second whole.
  const unit = layout.unit / geometry.sectorSize;
  const again = scene.mounted({ survives: (_write, sector) => sector >= unit }, start + 3);
  t.deepEqual(again.state, []);
  again.set(0, 1);
  again.force();
  t.deepEqual(again.mounted(ALL).state, [1]);
});

test('a failed flush or write of a force is reported, and the next force makes everything durable', t => {
  for (const failing of [1, 2]) {
    const scene = new Scene();
    scene.set(0, 1);
    t.is(scene.force(1, failing), EIO);
    t.is(scene.journal.durable, 0);
    scene.set(0, 2);
    t.is(scene.force(), 0);
    t.deepEqual(scene.mounted(NONE).state, [2]);
  }
});

test('a checkpoint that fails at any of its requests loses nothing', t => {
  for (const failing of [1, 2, 3]) {
    const scene = new Scene();
    scene.set(0, 1);
    scene.force();
    scene.set(0, 2);
    t.is(scene.checkpoint(failing), EIO);
    for (const survive of [NONE, ALL]) t.true([1, 2].includes(scene.mounted(survive).state[0]!));
    scene.set(0, 3);
    t.is(scene.force(), 0);
    t.deepEqual(scene.mounted(NONE).state, [3]);
    t.deepEqual(scene.mounted(ALL).state, [3]);
  }
});

test('a superblock that recovery passed over is not made valid by what recovery writes', t => {
  const scene = new Scene();
  scene.set(0, 1);
  scene.set(1, 1);
  scene.checkpoint();
  scene.set(0, 2);
  t.is(scene.checkpoint(3), EIO, 'the superblock may have arrived all the same');
  const start = scene.history.length;
  scene.set(0, 1);
  scene.set(1, 3);
  scene.checkpoint();
  // Of areas the last sectors arrive, of superblocks all.
  const from = (sector: number): Survivors => ({ survives: ({ addr }, at) => addr < layout.areas[0] || at >= sector });
  for (let cut = start; cut <= scene.history.length; cut++)
    for (let sector = 0; sector <= 16; sector++) {
      const once = scene.mounted(from(sector), cut);
      for (let second = 0; second <= once.history.length; second++)
        for (let other = 0; other <= 16; other++) t.deepEqual(once.mounted(from(other), second).state, once.state);
    }
});

test('after a stop nothing becomes durable any more', t => {
  const scene = new Scene();
  scene.set(0, 1);
  scene.force();
  scene.set(0, 2);
  scene.journal.stop();
  t.is(scene.force(), EIO);
  t.deepEqual(scene.mounted(ALL).state, [1]);
});

test('a stop between the cache flush and the log write keeps the record from the device', t => {
  for (const stopAt of [1, 2]) {
    const scene = new Scene();
    scene.set(0, 1);
    const task = new LoneTask(1);
    const steps = stopAt === 1 ? scene.journal.force(1, task) : scene.journal.checkpoint(task);
    for (let done = 0; ; done++) {
      if (done === stopAt) scene.journal.stop();
      const next = steps.next();
      if (next.done === true) {
        t.is(next.value, EIO);
        break;
      }
      for (const bio of scene.device.inFlight.slice()) scene.device.complete(bio, 0);
    }
    t.deepEqual(scene.mounted(ALL).state, []);
  }
});

test('data that a transaction is ordered after is written before its record', t => {
  const scene = new Scene();
  const written: string[] = [];
  const transaction = scene.journal.begin();
  transaction.orderAfter(function* () {
    yield Y['Y-WB9'];
    written.push(`at ${scene.history.length}`);
    return 0;
  });
  scene.journal.commit(transaction);
  scene.force();
  t.deepEqual(written, ['at 0']);
  const failing = scene.journal.begin();
  failing.orderAfter(function* () {
    yield Y['Y-WB9'];
    return EIO;
  });
  scene.journal.commit(failing);
  t.is(scene.force(), EIO);
});

test('a device without a file system is not recovered', t => {
  const empty = new Uint8Array(layout.end).fill(0xaa);
  t.is(
    recover(
      empty,
      layout,
      () => {},
      () => {},
    ),
    null,
  );
});

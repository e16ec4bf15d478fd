/**
 * What survives a crash and a shutdown: the table of a real kernel (which step is durable without anything after it, and
 * which with a later fsync of another file), and the worked cases of crash.md section 12 where this implementation gives
 * one answer.
 */
import test from 'ava';
import { CallFlag, EFAULT } from '../../model/contract/index.js';
import { ALL, type CrashScene, crashScene, NONE } from '../testing/crash-scene.js';

const KIB = 1024;
/** The files of the table: 64 KiB of 1 in blocks of 4 KiB. */
const TABLE = { blockSize: 4096, pageSize: 4096, maxFolioSize: 65_536, sectorSize: 512, deviceBlocks: 256 };
const OLD = '65536×1';

interface Row {
  readonly step: string;
  /** The file was not written before. */
  readonly fresh?: true;
  readonly alone: string;
  readonly later: string;
  run(scene: CrashScene): void;
}

const TABLE_ROWS: readonly Row[] = [
  { step: 'a buffered overwrite', alone: OLD, later: OLD, run: s => s.write(0, 4096, 4096, 2) },
  { step: 'a buffered append', alone: OLD, later: OLD, run: s => s.write(0, 65_536, 4096, 2) },
  {
    step: 'sync_range of an overwrite',
    alone: '4096×1 4096×2 57344×1',
    later: '4096×1 4096×2 57344×1',
    run: s => {
      s.write(0, 4096, 4096, 2);
      s.call('syncRange', 0, { offset: 4096, length: 4096 });
    },
  },
  {
    step: 'sync_range of a new file',
    fresh: true,
    alone: '',
    later: '8192×2',
    run: s => {
      s.write(0, 0, 8192, 2);
      s.call('syncRange', 0);
    },
  },
  {
    step: 'a direct write of a new file',
    fresh: true,
    alone: '',
    later: '8192×2',
    run: s => s.write(0, 0, 8192, 2, 'dwrite'),
  },
  {
    step: 'a direct overwrite of written blocks',
    alone: '4096×1 4096×2 57344×1',
    later: '4096×1 4096×2 57344×1',
    run: s => s.write(0, 4096, 4096, 2, 'dwrite'),
  },
  {
    step: 'a punch',
    alone: OLD,
    later: '8192×1 8192×0 49152×1',
    run: s => s.call('punch', 0, { offset: 8192, length: 8192 }),
  },
  {
    step: 'zeroing',
    alone: OLD,
    later: '8192×1 8192×0 49152×1',
    run: s => s.call('zero', 0, { offset: 8192, length: 8192 }),
  },
  { step: 'a collapse', alone: OLD, later: '57344×1', run: s => s.call('collapse', 0, { offset: 8192, length: 8192 }) },
  {
    step: 'an insert',
    alone: OLD,
    later: '8192×1 8192×0 57344×1',
    run: s => s.call('insert', 0, { offset: 8192, length: 8192 }),
  },
  { step: 'a truncate', alone: OLD, later: '20480×1', run: s => s.call('truncate', 0, { size: 20_480 }) },
  {
    step: 'a falloc behind the end',
    alone: OLD,
    later: '65536×1 8192×0',
    run: s => s.call('falloc', 0, { offset: 65_536, length: 8192 }),
  },
  {
    step: 'a punch, then a buffered write into it',
    alone: OLD,
    later: '8192×1 8192×0 49152×1',
    run: s => {
      s.call('punch', 0, { offset: 8192, length: 8192 });
      s.write(0, 8192, 4096, 2);
    },
  },
  {
    step: 'an unaligned punch',
    alone: OLD,
    later: '20480×1 8192×0 36864×1',
    run: s => s.call('punch', 0, { offset: 20_000, length: 10_000 }),
  },
  {
    step: 'a truncate to 20000, then up to 65536',
    alone: '20000×1 480×0 45056×1',
    later: '20000×1 45536×0',
    run: s => {
      s.call('truncate', 0, { size: 20_000 });
      s.call('truncate', 0, { size: 65_536 });
    },
  },
  {
    step: 'a mapped write with msync',
    alone: '100×1 50×2 65386×1',
    later: '100×1 50×2 65386×1',
    run: s => s.call('mapwrite', 0, { offset: 100, length: 50, data: { byte: 2 }, flags: CallFlag.MSYNC }),
  },
  {
    step: 'a mapped write without msync',
    alone: OLD,
    later: OLD,
    run: s => s.call('mapwrite', 0, { offset: 100, length: 50, data: { byte: 2 } }),
  },
  {
    step: 'a write with fsync',
    alone: '100×2 65436×1',
    later: '100×2 65436×1',
    run: s => {
      s.write(0, 0, 100, 2);
      s.call('fsync');
    },
  },
  {
    step: 'an RWF_DSYNC write',
    alone: '100×2 65436×1',
    later: '100×2 65436×1',
    run: s => s.call('write', 0, { offset: 0, length: 100, data: { byte: 2 }, flags: CallFlag.DSYNC }),
  },
];

function tableScene(row: Row): CrashScene {
  const scene = crashScene(TABLE, { files: 3 });
  if (!row.fresh) scene.write(0, 0, 64 * KIB, 1);
  scene.write(2, 0, 4096, 9);
  scene.call('sync');
  row.run(scene);
  return scene;
}

for (const row of TABLE_ROWS) {
  test(`shutdown after ${row.step}: as on a real kernel`, t => {
    const scene = tableScene(row);
    scene.call('shutdown');
    scene.call('remount');
    t.is(scene.runs(), row.alone);
    t.is(scene.census(), null);
  });

  test(`shutdown after ${row.step} and an fsync of another file: as on a real kernel`, t => {
    const scene = tableScene(row);
    scene.write(1, 0, 100, 3);
    scene.call('fsync', 1);
    scene.call('shutdown');
    scene.call('remount');
    t.is(scene.runs(), row.later);
    t.is(scene.runs(1), '100×3');
  });

  test(`shutdown after ${row.step} and an fdatasync of a pure overwrite: nothing else is durable`, t => {
    const scene = tableScene(row);
    scene.write(2, 0, 4096, 8);
    scene.call('fdatasync', 2);
    scene.call('shutdown');
    scene.call('remount');
    t.is(scene.runs(), row.alone);
    t.is(scene.runs(2), '4096×8');
  });
}

test('direct writes into preallocated space show with a later fsync of another file, else zeroes', t => {
  for (const later of [false, true]) {
    const scene = crashScene(TABLE);
    scene.call('falloc', 0, { offset: 0, length: 16_384 });
    scene.call('fsync');
    scene.write(0, 4096, 4096, 2, 'dwrite');
    if (later) {
      scene.write(1, 0, 10, 3);
      scene.call('fsync', 1);
    }
    scene.call('shutdown');
    scene.call('remount');
    t.is(scene.runs(), later ? '4096×0 4096×2 8192×0' : '16384×0');
  }
});

test('bytes that a truncate cut off do not come back when the file grows behind them', t => {
  const scene = crashScene(TABLE);
  scene.write(0, 0, 65_536, 0xaa);
  scene.call('fsync');
  scene.call('truncate', 0, { size: 20_000 });
  scene.write(1, 0, 4096, 1);
  scene.call('fsync', 1);
  scene.write(0, 20_480, 4096, 0xbb);
  scene.call('syncRange', 0, { offset: 20_480, length: 4096 });
  scene.write(1, 0, 4096, 2);
  scene.call('fsync', 1);
  t.is(scene.crash().runs(), '20000×170 480×0 4096×187');
  scene.call('shutdown');
  scene.call('remount');
  t.is(scene.runs(), '20000×170 480×0 4096×187');
});

test('bytes that a truncate cut off do not come back when the file grows from there and a later block is first', t => {
  const scene = crashScene({ ...TABLE, maxFolioSize: 4096 });
  scene.write(0, 0, 65_536, 0xaa);
  scene.call('fsync');
  scene.call('truncate', 0, { size: 20_000 });
  scene.write(0, 20_000, 8192, 0xbb);
  scene.call('syncRange', 0, { offset: 24_576, length: 100 });
  scene.write(1, 0, 4096, 2);
  scene.call('fsync', 1);
  t.is(scene.crash().runs(), '20000×170 4576×0 3616×187');
});

test('a synced file survives every loss, an append that is not synced is there whole or not at all', t => {
  const scene = crashScene();
  scene.write(0, 0, 50, 1);
  scene.call('fsync');
  scene.write(0, 50, 100, 2);
  scene.call('writeback', 0);
  scene.driver.settle();
  for (const survive of [NONE, ALL]) t.is(scene.crash(survive).runs(), '50×1');
  scene.call('fsync', 0);
  for (const survive of [NONE, ALL]) t.is(scene.crash(survive).runs(), '50×1 100×2');
});

test('what is written beside a shared block is all old or all new, and the other file keeps its bytes', t => {
  const scene = crashScene();
  scene.write(0, 0, 128, 1);
  scene.call('reflink', 1, { fromFile: 0, length: 128 });
  scene.call('sync');
  const start = scene.cut;
  scene.write(0, 0, 128, 2);
  scene.call('fsync');
  const seen = new Set<string>();
  for (let cut = start; cut <= scene.cut; cut++)
    for (const survive of [NONE, ALL]) {
      const recovered = scene.crash(survive, cut);
      seen.add(recovered.runs());
      t.is(recovered.runs(1), '128×1');
      t.is(recovered.census(), null);
    }
  t.deepEqual([...seen].sort(), ['128×1', '128×2']);
});

/** After a crash that undid an append: file 0 has `size` bytes of 1, and the device ten of 2 behind them. */
function withLostBytes(size: number): CrashScene {
  const scene = crashScene();
  scene.write(0, 0, size, 1);
  scene.call('fsync');
  scene.write(0, size, 10, 2);
  scene.call('writeback');
  return scene.crash(ALL);
}

/** Extends the file from 50 to 200 with a later block written first, and makes its size durable by syncing another file. */
function extendFromBehind(scene: CrashScene, file = 0): void {
  scene.write(file, 50, 150, 3);
  scene.call('syncRange', file, { offset: 128, length: 64 });
  scene.write(1 - file, 0, 10, 4);
  scene.call('fsync', 1 - file);
}

test('bytes that a crash left behind the end do not come back when a later block is written first', t => {
  const scene = withLostBytes(50);
  t.is(scene.runs(), '50×1');
  t.is(scene.target.device!.contents.indexOf(2) >= 0, true, 'the device holds the lost bytes');
  extendFromBehind(scene);
  t.notRegex(scene.crash().runs(), /×2/);
});

test('nor do the bytes that a direct write left there which failed, with or without a mount in between', t => {
  for (const mounts of [false, true]) {
    const scene = crashScene();
    scene.write(0, 0, 50, 1);
    scene.call('fsync');
    t.is(scene.call('dwrite', 0, { length: 128, data: { byte: 2 }, accessible: 64 }).error, EFAULT);
    if (mounts) scene.call('remount');
    extendFromBehind(scene);
    t.is(scene.crash().runs(), '50×2 78×0 64×3');
  }
});

test('nor when a collapse has moved them below the size, which follows later', t => {
  const scene = withLostBytes(100);
  t.is(scene.runs(), '100×1');
  // Then the zeroes go to a copy, which the map shows later than what the collapse moved.
  scene.call('reflink', 1, { fromFile: 0 });
  scene.call('fsync');
  const start = scene.cut;
  scene.call('collapse', 0, { length: 64 });
  scene.call('fsync');
  const seen = new Set<string>();
  for (let cut = start; cut <= scene.cut; cut++)
    for (let torn = 0; torn <= 128; torn++)
      seen.add(scene.crash({ survives: (_write, sector) => sector < torn }, cut).runs());
  t.deepEqual([...seen].sort(), ['100×1', '36×1', '36×1 64×0', '64×0 36×1']);
});

test('nor in a file that shares the block of the end', t => {
  const scene = withLostBytes(50);
  scene.call('reflink', 1, { fromFile: 0 });
  scene.call('fsync', 1);
  extendFromBehind(scene, 1);
  t.notRegex(scene.crash().runs(1), /×2/);
});

test('a shutdown answers EIO to everything until the next mount, which finds what was forced', t => {
  const scene = crashScene();
  scene.write(0, 0, 100, 1);
  scene.call('fsync');
  scene.call('truncate', 0, { size: 10 });
  scene.call('shutdown', 0, { flags: CallFlag.FLUSH });
  for (const name of ['read', 'write', 'fsync', 'truncate', 'stat', 'dwrite', 'punch'] as const)
    t.is(scene.call(name, 0, { length: 64 }).error, -5, name);
  t.is(scene.call('remount').error, 0);
  t.is(scene.runs(), '10×1');
});

test('every cut of a run recovers to a consistent file system, twice to the same', t => {
  const scene = crashScene();
  scene.write(0, 0, 500, 1);
  scene.call('fsync');
  scene.call('reflink', 1, { fromFile: 0, offset: 64, length: 128 });
  scene.write(1, 100, 300, 2);
  scene.call('punch', 0, { offset: 70, length: 200 });
  scene.call('fsync', 1);
  scene.call('insert', 0, { offset: 64, length: 64 });
  scene.write(0, 200, 300, 3, 'write');
  scene.call('sync');
  for (let cut = 0; cut <= scene.cut; cut++)
    for (const survive of [NONE, ALL]) {
      const once = scene.crash(survive, cut);
      t.is(once.census(), null, `cut ${cut}`);
      // Recovery is itself cut at every event, and what is left recovers to the same files.
      const files = [once.runs(0), once.runs(1)];
      const end = once.cut;
      for (let second = 0; second <= end; second++) {
        const twice = once.crash(second % 2 === 0 ? NONE : ALL, second);
        t.deepEqual([twice.runs(0), twice.runs(1)], files, `cut ${cut}, recovery cut at ${second}`);
      }
    }
});

test('a block whose sharing ended is not written in place before that is durable', t => {
  for (const write of ['write', 'dwrite', 'mapwrite'] as const) {
    const scene = crashScene();
    scene.write(0, 0, 64, 1);
    scene.call('reflink', 1, { fromFile: 0 });
    scene.call('sync');
    scene.call('truncate', 1, { size: 0 });
    scene.write(0, 0, 64, 2, write);
    scene.call('syncRange', 0);
    // The other file is whole or empty, wherever power is lost and whatever survives.
    for (let cut = 0; cut <= scene.cut; cut++)
      for (const survive of [NONE, ALL]) t.regex(scene.crash(survive, cut).runs(1), /^(64×1)?$/, `${write} ${cut}`);
  }
});

import test from 'ava';
import { MapType, OpFlag } from '../../model/contract/index.js';
import { map30 } from './map-30.js';
import { Rig, record } from './testing/rig.js';

test('a mapping that does not span a request that must not wait is caught', t => {
  const write = (flags: number, length: number, type: MapType, pos = 0): string | undefined => {
    const rig = new Rig(map30);
    return rig.call('dwrite', {}, () => {
      rig.iteration(OpFlag.DIRECT | OpFlag.WRITE | flags, pos, 32 - pos).begin(record(type, 0, length, 0));
    })?.id;
  };
  t.is(write(OpFlag.NOWAIT, 32, MapType.MAPPED), undefined);
  t.is(write(OpFlag.NOWAIT, 16, MapType.MAPPED), 'MAP-30');
  t.is(write(0, 16, MapType.MAPPED), undefined);
  t.is(write(OpFlag.OVERWRITE_ONLY, 32, MapType.UNWRITTEN), undefined);
  t.is(write(OpFlag.OVERWRITE_ONLY, 32, MapType.UNWRITTEN, 8), 'MAP-30');
});

/** What is found when `during` happens while a begin with these flags runs; task 1 is at it. */
function within(flags: number, during: (rig: Rig) => void): string | undefined {
  const rig = new Rig(map30);
  return rig.call('dwrite', { task: 1 }, () => {
    rig.iteration(flags, 0, 32).begin(record(MapType.UNWRITTEN, 0, 32, 0), () => during(rig));
    // No begin runs any more.
    rig.emit('lock', 7, 0, 1);
    rig.emit('allocate', 8, 1);
    rig.emit('commit', 2);
    rig.emit('unlock', 7, 0, 1);
  })?.message;
}

const direct = OpFlag.DIRECT | OpFlag.WRITE;

function transaction(task: number): (rig: Rig) => void {
  return rig => {
    rig.emit('lock', 7, 0, task);
    rig.emit('allocate', 3, 2);
    rig.emit('commit', 1);
    rig.emit('unlock', 7, 0, task);
  };
}

test('a begin that must not wait and allocates is caught', t => {
  t.regex(
    within(direct | OpFlag.NOWAIT, transaction(1))!,
    /begin of \[0, 32\) under NOWAIT allocated 2 blocks from device block 3 on; expected -EAGAIN/,
  );
  t.regex(within(OpFlag.WRITE | OpFlag.NOWAIT, transaction(1))!, /allocated 2 blocks/);
  t.is(within(direct, transaction(1)), undefined);
});

test('so is one that commits a transaction without allocating; a delayed reservation is allowed', t => {
  const commits = (rig: Rig): void => {
    rig.emit('lock', 7, 0, 1);
    rig.emit('commit', 1);
    rig.emit('unlock', 7, 0, 1);
  };
  t.regex(within(direct | OpFlag.NOWAIT, commits)!, /committed a transaction/);
  t.is(
    within(OpFlag.WRITE | OpFlag.NOWAIT, rig => rig.emit('reserve', 0, 2)),
    undefined,
  );
});

test('what others do while it is suspended, or nobody says who did, is not its own', t => {
  t.is(within(direct | OpFlag.NOWAIT, transaction(2)), undefined);
  t.is(
    within(direct | OpFlag.NOWAIT, rig => {
      rig.emit('lock', 7, 0, 1);
      transaction(2)(rig);
      rig.emit('unlock', 7, 0, 1);
    }),
    undefined,
  );
  t.is(
    within(direct | OpFlag.NOWAIT, rig => rig.emit('allocate', 3, 2)),
    undefined,
  );
});

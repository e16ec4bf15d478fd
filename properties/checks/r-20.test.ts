import test from 'ava';
import {
  type Call,
  CallFlag,
  EAGAIN,
  type OperationName,
  OpFlag,
  type PointName,
  Y,
} from '../../model/contract/index.js';
import { r20 } from './r-20.js';
import { type FakeIteration, Rig, record } from './testing/rig.js';

const NOWAIT = CallFlag.NOWAIT;
const reserved = record(1, 0, 64);

/** Task 1 has to wait. */
function wait(rig: Rig, point: PointName): void {
  rig.emit('wait', 1, Y[point]);
}

/** What is said of a call of [48, 64) of a file of 48 bytes, under NOWAIT if its flags say nothing else. */
function said(
  name: OperationName,
  during: (rig: Rig, iteration: FakeIteration) => void,
  fields: Partial<Call> = {},
): string | undefined {
  const rig = new Rig(r20);
  rig.file.isize = 48;
  const direct = name === 'dread' || name === 'dwrite' ? OpFlag.DIRECT : 0;
  const iteration = rig.iteration(OpFlag.NOWAIT | OpFlag.WRITE | direct, 48, 16);
  const call = { offset: 48, length: 16, flags: NOWAIT, ...fields };
  return rig.call(name, call, () => during(rig, iteration))?.message;
}

test('who may not wait does not wait for a lock, nor for I/O', t => {
  for (const name of ['read', 'write', 'dread', 'dwrite'] as const)
    for (const point of ['Y-LK1', 'Y-RD3', 'Y-WB9'] as const)
      t.regex(said(name, rig => wait(rig, point))!, new RegExp(`${name} under NOWAIT waits at ${point}`));
});

test('a begin and a body do not wait', t => {
  t.regex(
    said('write', (rig, iteration) => iteration.begin(reserved, () => wait(rig, 'Y-SY2')))!,
    /write under NOWAIT waits at Y-SY2/,
  );
  const body = (point: PointName, offset = 48) =>
    said('write', (rig, iteration) => {
      iteration.pos = offset;
      iteration.begin(reserved);
      wait(rig, point);
    });
  t.regex(body('Y-BW5')!, /waits at Y-BW5/);
  t.regex(body('Y-BW6')!, /waits at Y-BW6/);
  t.is(body('Y-TR3'), undefined, 'folios behind the end of the file are dropped');
  t.regex(body('Y-TR3', 32)!, /waits at Y-TR3/, 'it does not reach behind the end');
  t.regex(
    said('dwrite', (rig, iteration) => {
      iteration.begin(reserved);
      wait(rig, 'Y-TR3');
    })!,
    /dwrite under NOWAIT/,
  );
});

test('end waits for what it gives back', t => {
  const during = (rig: Rig, iteration: FakeIteration): void => {
    iteration.begin(reserved).end(0, () => wait(rig, 'Y-BW10'));
  };
  t.is(said('write', during), undefined);
});

test('a direct request waits for its own I/O, a synchronous write for its sync, and nothing else for anything', t => {
  const after = (name: OperationName, point: PointName, flags: number = NOWAIT) =>
    said(
      name,
      (rig, iteration) => {
        iteration.begin(reserved).end(16).finish();
        wait(rig, point);
      },
      { flags },
    );
  t.is(after('dwrite', 'Y-DW5'), undefined);
  t.is(after('dread', 'Y-DR3'), undefined);
  t.regex(after('dwrite', 'Y-LK1')!, /waits at Y-LK1/);
  t.regex(after('write', 'Y-SY2')!, /waits at Y-SY2/);
  t.is(after('write', 'Y-SY2', NOWAIT | CallFlag.DSYNC), undefined);
  t.is(after('dwrite', 'Y-SY2', NOWAIT | CallFlag.SYNC), undefined);
});

test('who stored nothing has nothing to sync', t => {
  const during = (rig: Rig, iteration: FakeIteration): void => {
    iteration.begin(reserved).end(0).finish(EAGAIN);
    wait(rig, 'Y-SY2');
  };
  t.regex(said('write', during, { flags: NOWAIT | CallFlag.DSYNC })!, /waits at Y-SY2/);
});

test('what one call did permits nothing to the next', t => {
  const rig = new Rig(r20);
  const sync = NOWAIT | CallFlag.DSYNC;
  rig.call('write', { length: 16, flags: sync }, () =>
    rig
      .iteration(OpFlag.NOWAIT | OpFlag.WRITE, 0, 16)
      .begin(reserved)
      .end(16)
      .finish(),
  );
  t.regex(rig.call('write', { length: 16, flags: sync }, () => wait(rig, 'Y-LK1'))!.message, /waits at Y-LK1/);
});

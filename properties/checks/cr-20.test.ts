import test from 'ava';
import { CallFlag, EIO, Fork, type OperationName } from '../../model/contract/index.js';
import { cr20 } from './cr-20.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

const data = new Uint8Array(B).fill(7);
const NOTHING = (): void => {};

/** A file of four blocks, on device blocks 2 to 5. */
function four(): Rig {
  const rig = new Rig(cr20);
  rig.file.isize = 4 * B;
  rig.file.map(0, 4, Fork.written, 2);
  return rig;
}

/** Transaction 5 changes the file; what the log holds reaches to `forced`. */
function transaction(rig: Rig, forced: number, change = () => rig.emit('convert', 1, 1, 3)): void {
  change();
  rig.emit('commit', 5, 0, 0, -1);
  rig.emit('log-force', forced, 0, 0, -1);
}

test('what was written is flushed when a sync returns 0', t => {
  for (const name of ['fsync', 'fdatasync', 'msync'] as const) {
    const sync = (during: (rig: Rig) => void, error = 0): string | undefined => {
      const rig = four();
      rig.call('writeback', {}, () => rig.write(B, 3 * B, data));
      return rig.call(name, {}, () => during(rig), error)?.message;
    };
    t.regex(sync(NOTHING)!, new RegExp(`${name} returned 0, but byte 16 was written and not flushed`));
    // A flush that failed says that it began, and no more.
    t.regex(sync(rig => rig.emit('flush-begin', 1, 0, 0, -1))!, /byte 16/);
    t.is(sync(NOTHING, EIO), undefined);
    t.is(
      sync(rig => rig.flush(1)),
      undefined,
    );
  }
});

test('a flush that began before the data had completed is none for it', t => {
  const rig = four();
  const during = (): void => {
    rig.emit('flush-begin', 1, 0, 0, -1);
    rig.write(B, 3 * B, data);
    rig.emit('flush', 1, 0, 0, -1);
  };
  t.regex(rig.call('fsync', {}, during)!.message, /byte 16 was written/);
});

test('transactions that changed the file are durable when a sync returns 0', t => {
  const sync = (forced: number, change?: (rig: Rig) => void, name: OperationName = 'fdatasync'): string | undefined => {
    const rig = four();
    rig.call('writeback', {}, () => transaction(rig, forced, change && (() => change(rig))));
    return rig.call(name)?.message;
  };
  t.regex(sync(4)!, /transaction 5, which changed the file before, is not durable/);
  t.is(sync(5), undefined);
  t.regex(sync(4, rig => rig.emit('dsize', 64, 32))!, /transaction 5/);
  t.regex(sync(4, rig => rig.emit('extent', 6, 1, Fork.unwritten))!, /transaction 5/);
  const punched = (rig: Rig): void => {
    rig.emit('extent', 3, 1, Fork.hole);
    rig.emit('free', 5, 1);
  };
  t.regex(sync(4, punched)!, /transaction 5/);
  t.is(
    sync(4, rig => rig.emit('extent', 6, 1, Fork.delay)),
    undefined,
  );
  t.is(
    sync(4, rig => rig.emit('extent', 6, 1, Fork.hole)),
    undefined,
    'a reservation that is given back',
  );
  t.is(
    sync(4, rig => rig.emit('convert', 1, 1, 3, 1)),
    undefined,
    'another file',
  );
});

test('what its own writeback converts is durable, too', t => {
  const rig = four();
  t.regex(rig.call('fsync', {}, () => transaction(rig, 4))!.message, /transaction 5, which shows \[16, 32\)/);
  t.is(
    four().call('fsync', {}, () => {}),
    null,
  );
});

test('a synchronous write promises its bytes', t => {
  const write = (offset: number, flags: number, count = B): string | undefined => {
    const rig = four();
    const fields = { offset, length: B, flags };
    return rig.call('write', fields, () => rig.write(B, 3 * B, data), 0, count)?.message;
  };
  t.regex(write(B, CallFlag.DSYNC)!, /write returned 0, but byte 16/);
  t.regex(write(B, CallFlag.SYNC)!, /byte 16/);
  t.is(write(0, CallFlag.DSYNC), undefined);
  t.is(write(B, CallFlag.DSYNC, 0), undefined);
  t.is(write(B, 0), undefined);
});

test('beside another call only what had happened before counts, and nothing of a file that is gone', t => {
  const rig = four();
  const beside = (before: () => void, during: () => void) => {
    before();
    const sync = rig.begin('fsync');
    const read = rig.begin('read', { length: B });
    during();
    rig.end(read);
    return rig.end(sync);
  };
  t.is(
    beside(NOTHING, () => transaction(rig, 4)),
    null,
  );
  t.regex(beside(NOTHING, NOTHING)!.message, /transaction 5/);
  rig.call('remove');
  t.is(rig.call('fsync'), null);
});

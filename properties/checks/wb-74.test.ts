import test from 'ava';
import { type Call, CallFlag, EIO, ENOSPC, type Errno, type OperationName } from '../../model/contract/index.js';
import { Rig } from './testing/rig.js';
import { wb74 } from './wb-74.js';

/** An error of writeback is recorded for the file. */
function failed(rig: Rig, errno: Errno = EIO, file = 0): void {
  rig.call('writeback', { file }, () => rig.emit('writeback-error', errno, 0, 0, file));
}

/** What is said of a call of 16 bytes that ends in this way. */
function said(rig: Rig, name: OperationName, error = 0, fields: Partial<Call> = {}): string | undefined {
  return rig.call(name, { length: 16, ...fields }, () => {}, error, error === 0 ? 16 : 0)?.message;
}

test('an error on record is answered by who writes back first', t => {
  for (const errno of [EIO, ENOSPC]) {
    const rig = new Rig(wb74);
    failed(rig, errno);
    t.regex(said(rig, 'dread')!, /dread wrote the file back first and succeeded, but -E(IO|NOSPC) of writeback/);
    failed(rig, errno);
    t.is(said(rig, 'dread', errno), undefined);
    failed(rig, errno);
    t.regex(said(rig, 'fiemap', 0, { flags: CallFlag.FLUSH })!, /fiemap wrote/);
  }
});

test('it is answered once', t => {
  for (const errno of [EIO, ENOSPC]) {
    const rig = new Rig(wb74);
    failed(rig, errno);
    t.is(said(rig, 'dread', errno), undefined);
    t.is(said(rig, 'dread'), undefined);
    t.regex(said(rig, 'dread', errno)!, /dread answered -E(IO|NOSPC), but nothing failed/);
  }
});

test('EIO comes before ENOSPC, and clears both', t => {
  const rig = new Rig(wb74);
  failed(rig, ENOSPC);
  failed(rig, EIO);
  t.is(said(rig, 'punch', EIO), undefined);
  t.regex(said(rig, 'dread', ENOSPC)!, /nothing failed/);
});

test('a sync that reports clears the flags, and so does the end of the inode', t => {
  const rig = new Rig(wb74);
  failed(rig);
  rig.call('fsync', {}, () => rig.emit('sync-error', EIO), EIO);
  t.regex(said(rig, 'dread', EIO)!, /nothing failed/);
  failed(rig);
  t.is(
    rig.call('write', { length: 16, flags: CallFlag.DSYNC }, () => rig.emit('sync-error', EIO), EIO),
    null,
  );
  failed(rig);
  rig.call('remove');
  t.is(said(rig, 'dread'), undefined);
});

test('what a direct write could not drop is no matter of the flags', t => {
  const rig = new Rig(wb74);
  rig.call('dwrite', {}, () => {
    rig.emit('writeback-error', EIO);
    rig.emit('dio-invalidate', 0, 16, -16);
  });
  t.is(said(rig, 'dread'), undefined);
  t.regex(said(rig, 'dread', EIO)!, /nothing failed/);
});

test('of two files that one writes back it is not known whose error was told', t => {
  const rig = new Rig(wb74);
  failed(rig, EIO, 0);
  failed(rig, EIO, 1);
  t.is(said(rig, 'reflink', EIO, { fromFile: 1 }), undefined);
  t.is(said(rig, 'dread'), undefined);
  t.is(said(rig, 'dread', EIO, { file: 1 }), undefined);
  failed(rig, EIO, 1);
  t.is(said(rig, 'reflink', EIO, { fromFile: 1 }), undefined);
  t.regex(said(rig, 'dread', EIO, { file: 1 })!, /nothing failed/);
});

test('nothing is said after who may pass the error over, beside others, and of failures meanwhile', t => {
  const rig = new Rig(wb74);
  failed(rig);
  t.is(said(rig, 'dwrite'), undefined);
  t.is(said(rig, 'dread'), undefined);
  failed(rig);
  const read = rig.begin('read', { length: 16 });
  t.is(said(rig, 'dread'), undefined);
  rig.end(read);
  t.is(
    rig.call('dread', { length: 16 }, () => rig.emit('fault-injected', 0), EIO),
    null,
  );
  t.is(said(rig, 'dread', 0, { flags: CallFlag.NOWAIT }), undefined);
});

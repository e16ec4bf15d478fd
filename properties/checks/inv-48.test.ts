import test from 'ava';
import { EIO, ENOSPC, type OperationName } from '../../model/contract/index.js';
import { inv48 } from './inv-48.js';
import { Rig } from './testing/rig.js';

test('an error is reported by the next fsync, once', t => {
  const rig = new Rig(inv48);
  t.is(rig.call('fsync'), null);
  t.is(
    rig.call('writeback', {}, () => rig.emit('writeback-error', EIO)),
    null,
  );
  t.is(
    rig.call('fsync', {}, () => {}, EIO),
    null,
  );
  t.is(rig.call('fsync'), null);
});

test('an error that nobody reports is caught, and one that nobody recorded', t => {
  const rig = new Rig(inv48);
  rig.call('writeback', {}, () => rig.emit('writeback-error', EIO));
  t.regex(rig.call('fsync')!.message, /fsync returned 0, but writeback had recorded -EIO/);
  t.regex(rig.call('fsync', {}, () => {}, EIO)!.message, /no error was recorded/);
});

test('a sync whose own pass failed reports that, though another error was recorded later', t => {
  const rig = new Rig(inv48);
  const both = (): void => {
    rig.emit('writeback-error', EIO);
    rig.emit('writeback-error', ENOSPC);
  };
  t.is(rig.call('fsync', {}, both, EIO), null);
  t.is(rig.call('fsync'), null);
  rig.call('writeback', {}, both);
  t.regex(rig.call('fsync', {}, () => {}, EIO)!.message, /had recorded -ENOSPC/);
});

test('the removal of another file changes nothing of what is owed', t => {
  const rig = new Rig(inv48);
  rig.call('writeback', {}, () => rig.emit('writeback-error', EIO));
  rig.call('remove', { file: 1 });
  t.regex(rig.call('fsync')?.message ?? '', /had recorded -EIO/);
});

test('of calls that overlap only those that report make the debt uncertain', t => {
  const rig = new Rig(inv48);
  const beside = (name: OperationName): void => {
    rig.call('writeback', {}, () => rig.emit('writeback-error', EIO));
    rig.call(name, { length: 16 }, () => {
      rig.call('mapread', { length: 16 });
    });
  };
  beside('write');
  t.regex(rig.call('fsync')?.message ?? '', /had recorded -EIO/);
  beside('fdatasync');
  t.is(rig.call('fsync'), null);
});

test('with a second descriptor, or after msync, nothing is demanded', t => {
  const rig = new Rig(inv48);
  rig.call('writeback', {}, () => rig.emit('writeback-error', EIO));
  rig.call('msync');
  t.is(rig.call('fsync'), null);
  rig.call('open');
  t.is(
    rig.call('fsync', {}, () => {}, EIO),
    null,
  );
});

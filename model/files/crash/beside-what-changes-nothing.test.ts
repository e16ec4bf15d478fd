/**
 * What a store left is known as exactly beside calls that change nothing as alone: a sync promises it, also when somebody
 * reads or syncs meanwhile (CR-20, CR-22).
 */
import test from 'ava';
import { CallFlag, type OperationName } from '../../contract/index.js';
import { CrashSession } from '../testing/crash-session.js';
import { USUAL } from '../testing/session.js';

const A = 0x41;
const B = 0x42;
const fill = (byte: number) => ({ byte });

/** Bytes that are synced, written over beside `other`, and synced again; the first are what a crash shows. */
function lostBeside(other: OperationName, fields = {}): string | undefined {
  const it = new CrashSession(USUAL);
  it.do('write', { offset: 0, length: 4096, data: fill(A) });
  it.do('fsync');
  const beside = it.call(other, { file: 1, ...fields });
  it.do('write', { offset: 0, length: 4096, data: fill(B) });
  it.do('fdatasync');
  it.respond(beside, {});
  return it.crash({ 0: [[A, 4096]] })?.id;
}

for (const other of ['read', 'dread', 'mapread', 'seekData', 'fiemap', 'stat', 'fsync', 'fdatasync', 'msync'] as const)
  test(`what was synced beside ${other} is not lost`, t => {
    t.is(lostBeside(other), 'INV-61');
    t.is(lostBeside(other, { file: 0 }), 'INV-61');
  });

test('a synchronous write beside a sync promises its range', t => {
  const it = new CrashSession(USUAL);
  it.do('write', { offset: 0, length: 4096, data: fill(A) });
  it.do('fsync');
  const sync = it.call('fsync', { file: 1 });
  it.do('write', { offset: 0, length: 4096, data: fill(B), flags: CallFlag.DSYNC });
  it.respond(sync, {});
  t.is(it.crash({ 0: [[A, 4096]] })?.id, 'INV-61');
});

test('beside a store the order is not known', t => {
  t.is(lostBeside('write', { file: 0, offset: 0, length: 4096, data: fill(A) }), undefined);
});

/**
 * A sync beside a truncate that cuts the file: of what is cut off it promises nothing, and no size; the bytes that are left it
 * does, as far as the file then goes (CR-20, CR-80).
 */
import test from 'ava';
import { CrashSession } from '../testing/crash-session.js';
import { USUAL } from '../testing/session.js';

const A = 0x41;
const B = 0x42;
const fill = (byte: number) => ({ byte });

/** An fsync that a truncate to `size` overlaps, both successful. */
function syncBesideTruncate(it: CrashSession, size: number): void {
  const sync = it.call('fsync', {});
  const cut = it.call('truncate', { size });
  it.respond(cut, {});
  it.respond(sync, {});
}

test('what is left of a file that was cut meanwhile is durable after fsync', t => {
  const it = new CrashSession(USUAL);
  it.do('write', { offset: 0, length: 8192, data: fill(A) });
  it.do('fsync');
  it.do('write', { offset: 0, length: 8192, data: fill(B) });
  syncBesideTruncate(it, 4096);
  t.is(it.crash({ 0: [[B, 4096]] })?.message ?? null, null);
  const uncut = it.crash({
    0: [
      [B, 4096],
      [A, 4096],
    ],
  });
  t.is(uncut?.message ?? null, null, 'neither the cut nor what it cut off');
  t.is(it.crash({ 0: [[A, 4096]] })?.id, 'INV-61');
});

test('the size below the cut need not be durable, but the bytes are as far as the file goes', t => {
  const it = new CrashSession(USUAL);
  it.do('write', { offset: 0, length: 4096, data: fill(A) });
  it.do('fsync');
  it.do('write', { offset: 0, length: 12_288, data: fill(B) });
  syncBesideTruncate(it, 8192);
  t.is(it.crash({ 0: [[B, 4096]] })?.message ?? null, null, 'the old size');
  t.is(it.crash({ 0: [[B, 8192]] })?.message ?? null, null);
  t.is(it.crash({ 0: [[A, 4096]] })?.id, 'INV-61');
  const unwritten = it.crash({
    0: [
      [B, 4096],
      [0, 4096],
    ],
  });
  t.is(unwritten?.id, 'INV-61');
});

test('of several truncates the one that leaves least counts', t => {
  const it = new CrashSession(USUAL);
  it.do('write', { offset: 0, length: 12_288, data: fill(A) });
  it.do('fsync');
  it.do('write', { offset: 0, length: 12_288, data: fill(B) });
  const sync = it.call('fsync', {});
  it.do('truncate', { size: 8192 });
  it.do('truncate', { size: 4096 });
  it.respond(sync, {});
  const left = it.crash({
    0: [
      [B, 4096],
      [A, 8192],
    ],
  });
  t.is(left?.message ?? null, null);
  t.is(
    it.crash({
      0: [
        [A, 4096],
        [B, 8192],
      ],
    })?.id,
    'INV-61',
  );
});

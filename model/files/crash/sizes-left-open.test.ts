/** Crashes after a failure left the size of a file open: what is known of it, and of other files, stays known. */
import test from 'ava';
import { type Bio, EIO } from '../../contract/index.js';
import { CrashSession } from '../testing/crash-session.js';
import { USUAL } from '../testing/session.js';

const A = 0x41;
const B = 0x42;
const C = 0x43;
const fill = (byte: number) => ({ byte });

const ofAnotherFile: Bio = {
  kind: 'write',
  addr: 0,
  length: 512,
  memory: new Uint8Array(512),
  at: 0,
  fua: false,
  atomic: false,
  cargo: 'data',
  file: 1,
  offset: 0,
  done() {},
};

test('what overwrites a file whose size a failure left open is not what made it that large', t => {
  const it = new CrashSession(USUAL);
  const call = it.call('dwrite', { offset: 0, length: 4096, data: fill(A) });
  it.model.effect({ kind: 'fault', choice: 'bio-status', call, bio: ofAnotherFile });
  t.is(it.respond(call, { count: 4096 }), null);
  it.do('remount');
  it.do('dwrite', { offset: 0, length: 4096, data: fill(B) });
  t.is(it.crash({ 0: [[A, 4096]] })?.message ?? null, null);
  t.is(it.crash({ 0: [[B, 4096]] })?.message ?? null, null);
  t.is(it.crash({ 0: [[C, 4096]] })?.id, 'INV-60');
});

test('a truncate to a size that the file may have had tells nothing of what other files went through', t => {
  const it = new CrashSession(USUAL);
  const call = it.call('truncate', { size: 4096 }, 1);
  it.model.effect({ kind: 'fault', choice: 'mapping-broken', call, bio: null });
  t.is(it.respond(call, { error: EIO, count: 0 }), null);
  it.do('truncate', { size: 8192 });
  it.do('truncate', { size: 0 }, 1);
  it.do('fdatasync', {}, 1);
  t.is(it.crash({ 0: [], 1: [] })?.message ?? null, null);
  t.is(it.crash({ 0: [[null, 8192]], 1: [] })?.message ?? null, null);
  it.do('truncate', { size: 10 }, 1);
  it.do('fdatasync', {}, 1);
  t.is(it.crash({ 0: [], 1: [[null, 10]] })?.id, 'INV-64');
});

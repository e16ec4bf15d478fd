/** A sync beside a truncate that cuts the file: what is cut off it does not promise, the rest it does (CR-20, CR-80). */
import test from 'ava';
import { CrashSession } from '../testing/crash-session.js';

const A = 0x41;
const B = 0x42;
const fill = (byte: number) => ({ byte });

test('what is left of a file that was cut meanwhile is durable after fsync', t => {
  const it = new CrashSession({
    blockSize: 4096,
    pageSize: 4096,
    maxFolioSize: 65_536,
    sectorSize: 512,
    deviceBlocks: 1024,
  });
  it.do('write', { offset: 0, length: 8192, data: fill(A) });
  it.do('fsync');
  it.do('write', { offset: 0, length: 8192, data: fill(B) });
  const sync = it.call('fsync', {});
  const cut = it.call('truncate', { size: 4096 });
  t.is(it.respond(cut, {}), null);
  t.is(it.respond(sync, {}), null);
  t.is(it.crash({ 0: [[B, 4096]] })?.message ?? null, null);
  t.is(
    it.crash({
      0: [
        [B, 4096],
        [A, 4096],
      ],
    })?.message ?? null,
    null,
    'neither the cut nor what it cut off',
  );
  t.is(it.crash({ 0: [[A, 4096]] })?.id, 'INV-61');
});

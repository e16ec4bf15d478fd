import test from 'ava';
import { Fork } from '../../model/contract/index.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';
import { wb26 } from './wb-26.js';

/** A file of 5 blocks and 12 bytes in two folios, all of it written and dirty; `during` is what writeback does. */
function writeback(during: (rig: Rig) => void): string | undefined {
  const rig = new Rig(wb26);
  rig.file.isize = 92;
  rig.file.map(0, 6, Fork.written, 3);
  rig.file.cache(0, 4, 1, true);
  rig.file.cache(4, 2, 1, true);
  return rig.call('fsync', {}, () => during(rig))?.message;
}

function first(rig: Rig): void {
  rig.emit('writeback-folio', 0, 64);
  rig.emit('ioend-add', 0, 64, 3 * B);
}

function second(rig: Rig): void {
  rig.emit('writeback-folio', 64, 64);
  rig.emit('ioend-add', 64, 32, 7 * B);
}

test('an ioend ends with the file, not with its block', t => {
  const ends = (at: number): string | undefined =>
    writeback(rig => {
      first(rig);
      second(rig);
      rig.emit('ioend-submit', 0, at, 3 * B);
    });
  t.is(ends(92), undefined);
  t.regex(ends(96)!, /the ioend at 0 ends at 96; expected 92, isize when its last folio was taken/);
  t.regex(ends(88)!, /ends at 88; expected 92/);
});

test('one that does not reach the end of the file ends with its last piece', t => {
  const ends = (at: number): string | undefined =>
    writeback(rig => {
      first(rig);
      rig.emit('ioend-submit', 0, at, 3 * B);
    });
  t.is(ends(64), undefined);
  t.regex(ends(60)!, /ends at 60; expected 64, the end of its last piece/);
});

test('a truncate or a growth after its last folio was taken changes nothing', t => {
  for (const isize of [70, 95, 200]) {
    const ends = (at: number): string | undefined =>
      writeback(rig => {
        first(rig);
        second(rig);
        rig.file.isize = isize;
        rig.emit('ioend-submit', 0, at, 3 * B);
      });
    t.is(ends(92), undefined);
    if (isize > 92) t.regex(ends(Math.min(96, isize))!, /expected 92/);
  }
});

test('the size that counts is that of the last folio, and of the last time it was taken', t => {
  t.is(
    writeback(rig => {
      first(rig);
      rig.file.isize = 94;
      second(rig);
      rig.emit('ioend-submit', 0, 94, 3 * B);
      rig.emit('ioend-done', 0, 94);
      rig.emit('writeback-end', 64, 64);
      rig.file.isize = 83;
      second(rig);
      rig.emit('ioend-submit', 64, 19, 7 * B);
    }),
    undefined,
  );
});

test('passes side by side, each with a pending ioend, are told apart', t => {
  const ends = (at: number): string | undefined =>
    writeback(rig => {
      second(rig);
      rig.file.isize = 128;
      first(rig);
      rig.emit('ioend-submit', 0, 64, 3 * B);
      rig.emit('ioend-submit', 64, at, 7 * B);
    });
  t.is(ends(28), undefined);
  t.regex(ends(32)!, /the ioend at 64 ends at 96; expected 92/);
});

import test from 'ava';
import { EIO, Fork } from '../../model/contract/index.js';
import { inv40 } from './inv-40.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

/** Writeback takes a folio with two dirty blocks; `middle` is what becomes of them. */
function cycle(middle: (rig: Rig) => void, value = 5): string | undefined {
  const rig = new Rig(inv40);
  rig.file.isize = 64;
  rig.file.map(0, 2, Fork.written, 3);
  rig.file.cache(0, 2, value, true);
  return rig.call('fsync', {}, () => {
    rig.emit('writeback-folio', 0, 64);
    middle(rig);
    rig.emit('writeback-end', 0, 64);
  })?.message;
}

test('each dirty block goes into one ioend', t => {
  t.is(
    cycle(rig => rig.emit('ioend-add', 0, 32, 3 * B)),
    undefined,
  );
  t.regex(cycle(rig => rig.emit('ioend-add', 0, 16, 3 * B))!, /dirty block 1 .* went into no ioend/);
  t.regex(
    cycle(rig => {
      rig.emit('ioend-add', 0, 32, 3 * B);
      rig.emit('ioend-add', 16, 16, 4 * B);
    })!,
    /went into two ioends/,
  );
});

test('a recorded error accounts for what was not carried, also right after', t => {
  t.is(
    cycle(rig => rig.emit('writeback-error', EIO)),
    undefined,
  );
  const rig = new Rig(inv40);
  rig.file.isize = 64;
  rig.file.cache(0, 2, 5, true);
  t.is(
    rig.call('fsync', {}, () => {
      rig.emit('writeback-folio', 0, 64);
      rig.emit('writeback-end', 0, 64);
      rig.emit('writeback-error', EIO);
    }),
    null,
  );
});

test('HOLE loses nothing but zeroes', t => {
  t.regex(cycle(rig => rig.emit('writeback-hole', 0, 32))!, /dirty byte 0 was answered HOLE .* and is lost/);
  t.is(
    cycle(rig => rig.emit('writeback-hole', 0, 32), 0),
    undefined,
  );
});

test('HOLE loses nothing of a shared block that holds what the device holds (H-6)', t => {
  const share = (rig: Rig, held: number): void => {
    for (const block of rig.file.blocks.slice(0, 2)) block.shared = true;
    rig.device.contents.fill(held, 3 * B, 5 * B);
    rig.emit('writeback-hole', 0, 32);
  };
  t.is(
    cycle(rig => share(rig, 5)),
    undefined,
  );
  t.regex(cycle(rig => share(rig, 6))!, /dirty byte 0 was answered HOLE .* and is lost/);
});

import test from 'ava';
import { CowFork, Fork } from '../../model/contract/index.js';
import { inv45 } from './inv-45.js';
import { B } from './testing/fake.js';
import { Rig } from './testing/rig.js';

/** Two pieces, of blocks 0 and 1, go out as one ioend. */
function joined(arrange: (rig: Rig) => void, addr = 4 * B): string | undefined {
  const rig = new Rig(inv45);
  rig.file.map(0, 2, Fork.written, 3);
  arrange(rig);
  return rig.call('fsync', {}, () => {
    rig.emit('ioend-add', 0, 16, 3 * B);
    rig.emit('ioend-add', 16, 10, addr);
    rig.emit('ioend-submit', 0, 26, 3 * B);
  })?.message;
}

test('contiguous pieces of one kind make an ioend', t => {
  t.is(
    joined(() => {}),
    undefined,
  );
});

test('pieces of different kind, or apart on the device, do not', t => {
  t.regex(joined(rig => rig.file.map(1, 1, Fork.unwritten, 4))!, /written and unwritten pieces/);
  t.regex(joined(rig => rig.file.map(1, 1, Fork.written, 9), 9 * B)!, /not contiguous/);
  t.regex(joined(rig => rig.file.mapCow(1, 1, CowFork.busy, 4))!, /copy-on-write pieces/);
});

test('an ioend that ends with the file inside a block does not go on when the file grew', t => {
  const rig = new Rig(inv45);
  rig.file.map(0, 8, Fork.written, 3);
  rig.file.isize = 60;
  const found = rig.call('fsync', {}, () => {
    rig.emit('writeback-folio', 0, 64);
    rig.emit('ioend-add', 0, 64, 3 * B);
    rig.file.isize = 128;
    rig.emit('writeback-folio', 64, 64);
    rig.emit('ioend-add', 64, 64, 7 * B);
    rig.emit('ioend-submit', 0, 128, 3 * B);
  });
  t.regex(found!.message, /goes on at 64 behind a piece that ends at 60 with the file \(WB-22\)/);
});

test('an ioend to a place that nothing maps is caught', t => {
  const rig = new Rig(inv45);
  const found = rig.call('fsync', {}, () => {
    rig.emit('ioend-add', 0, 16, 3 * B);
    rig.emit('ioend-submit', 0, 16, 3 * B);
  });
  t.regex(found!.message, /WB-14/);
});

test('completed ioends are merged only when they fit', t => {
  const merge = (second: number): string | undefined => {
    const rig = new Rig(inv45);
    rig.file.map(0, 1, Fork.written, 3);
    rig.file.map(1, 1, Fork.written, second);
    return rig.call('complete', {}, () => {
      for (const [offset, addr] of [
        [0, 3 * B],
        [16, second * B],
      ] as const) {
        rig.emit('ioend-add', offset, 16, addr);
        rig.emit('ioend-submit', offset, 16, addr);
      }
      rig.emit('ioend-merge', 16, 16, second * B);
    })?.message;
  };
  t.is(merge(4), undefined);
  t.regex(merge(9)!, /WB-40/);
});

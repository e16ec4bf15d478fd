import test from 'ava';
import { EIO } from '../../model/contract/index.js';
import { Rig } from './testing/rig.js';
import { wb73 } from './wb-73.js';

/** Two folios in the cache, the blocks of the first uptodate; `during` is what writeback does. */
function writeback(during: (rig: Rig) => void): string | undefined {
  const rig = new Rig(wb73);
  rig.file.isize = 128;
  rig.file.cache(0, 4, 1);
  rig.file.cache(4, 4, 1);
  return rig.call('writeback', {}, () => {
    during(rig);
    rig.file.version++;
  })?.message;
}

function forget(rig: Rig, block: number): void {
  rig.file.blocks[block]!.uptodate = false;
}

test('a block whose I/O failed, or that had no mapping, is still uptodate', t => {
  const failures: ((rig: Rig) => void)[] = [
    rig => rig.emit('ioend-done', 16, 20, EIO),
    rig => rig.emit('clean', 16, 32, 2),
  ];
  for (const failure of failures) {
    t.is(writeback(failure), undefined);
    for (const block of [1, 2])
      t.regex(
        writeback(rig => {
          failure(rig);
          forget(rig, block);
        })!,
        new RegExp(`block ${block} is not uptodate any more after its writeback failed`),
      );
    t.is(
      writeback(rig => {
        failure(rig);
        forget(rig, 4);
      }),
      undefined,
    );
  }
});

test('nothing is said of blocks that were written, or that left the cache', t => {
  t.is(
    writeback(rig => {
      rig.emit('ioend-done', 0, 64, 0);
      rig.emit('clean', 0, 64, 0);
      forget(rig, 0);
    }),
    undefined,
  );
  t.is(
    writeback(rig => {
      rig.emit('ioend-done', 0, 128, EIO);
      rig.emit('folio-remove', 0, 64, 0);
      forget(rig, 0);
    }),
    undefined,
  );
});

test('a folio that was split since may have lost what was uptodate (PC-94)', t => {
  t.is(
    writeback(rig => {
      rig.emit('ioend-done', 0, 16, EIO);
      rig.emit('folio-remove', 32, 32, 0);
      rig.file.folios[0]!.size = 32;
      forget(rig, 0);
    }),
    undefined,
  );
});

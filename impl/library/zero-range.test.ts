import test from 'ava';
import { type Bytes, EIO, MapFlag, MapType, OpFlag, taggedByte } from '../../model/contract/index.js';
import { bufferedRead } from './buffered-read.js';
import { bufferedWrite } from './buffered-write.js';
import { isizeExtended } from './isize-extended.js';
import type { MapOps } from './iteration.js';
import { mapStore } from './mapped-access.js';
import type { Context } from './platform.js';
import { Bench, scriptedOps } from './testing/scripted.js';
import { unshareRange } from './unshare.js';
import { ReadBuffer, WriteSource } from './user-buffer.js';
import { writeAndWait } from './wait.js';
import { fillDirtyFolios, truncatePage, zeroRange } from './zero-range.js';

function write(bench: Bench, pos: Bytes, length: Bytes, tag: number): void {
  bench.run(bufferedWrite(bench.context, bench.inode, scriptedOps, pos, new WriteSource(pos, length, -1, tag), 0));
}

function byte(bench: Bench, pos: Bytes): number {
  const bytes = new Uint8Array(1);
  bench.run(bufferedRead(bench.context, bench.inode, scriptedOps, pos, 1, new ReadBuffer(pos, 1, -1, { bytes })));
  return bytes[0]!;
}

test('zeroing over a hole, a clean unwritten block and a written one touches the cache only for the third', t => {
  const bench = new Bench();
  bench.inode.setSize(48);
  bench.inode.set({ from: 16, to: 32, type: MapType.UNWRITTEN });
  bench.inode.set({ from: 32, to: 48, type: MapType.MAPPED });
  t.is(bench.run(zeroRange(bench.context, bench.inode, scriptedOps, 0, 48)), 0);
  t.is(bench.inode.log.filter(line => line.startsWith('begin')).length, 3);
  t.true(bench.context.didZero);
  t.is(bench.inode.cache.find(0)!.nextDirty(0, 4), 2);
});

test('nothing is said to be zeroed where nothing was stored', t => {
  const bench = new Bench();
  bench.inode.setSize(48);
  t.is(bench.run(zeroRange(bench.context, bench.inode, scriptedOps, 0, 48)), 0);
  t.false(bench.context.didZero);
});

test('dirty cache over an unwritten block is written back, mapped again and zeroed', t => {
  const bench = new Bench();
  bench.inode.set({ from: 0, to: 64, type: MapType.UNWRITTEN });
  write(bench, 0, 64, 7);
  t.is(bench.run(zeroRange(bench.context, bench.inode, scriptedOps, 16, 16)), 0);
  t.is(byte(bench, 15), taggedByte(7, 15));
  t.is(byte(bench, 16), 0);
  t.is(byte(bench, 32), taggedByte(7, 32));
  t.is(bench.inode.pieceAt(16).type, MapType.MAPPED);
});

test('with a batch of dirty folios the cache is zeroed in place', t => {
  const bench = new Bench({ ...new Bench().platform.geometry, maxFolioSize: 64 });
  const { inode } = bench;
  inode.set({ from: 0, to: 256, type: MapType.UNWRITTEN });
  write(bench, 64, 64, 7);
  write(bench, 192, 64, 7);
  const ops: MapOps = {
    ...(scriptedOps as MapOps),
    begin(_, pos, length, flags, iomap, srcmap, io) {
      const errno = (scriptedOps as MapOps).begin(inode, pos, length, flags, iomap, srcmap, io) as number;
      if ((flags & OpFlag.ZERO) !== 0) {
        fillDirtyFolios(io as Context, inode, pos, pos + length);
        iomap.flags |= MapFlag.FOLIO_BATCH;
      }
      return errno;
    },
  };
  t.is(bench.run(zeroRange(bench.context, inode, ops, 0, 256)), 0);
  t.is(byte(bench, 64), 0);
  t.is(byte(bench, 255), 0);
  t.is(inode.pieceAt(64).type, MapType.UNWRITTEN);
  t.true(inode.cache.folios.every(folio => folio.extraReferences === 0));
});

test('what a failed writeback left in the clean cache is zeroed too', t => {
  const bench = new Bench();
  write(bench, 0, 64, 7);
  bench.verdict = () => EIO;
  t.is(bench.run(writeAndWait(bench.context, bench.inode, 0, 64)), EIO);
  t.is(byte(bench, 20), taggedByte(7, 20));
  t.is(bench.run(zeroRange(bench.context, bench.inode, scriptedOps, 16, 16)), 0);
  t.is(byte(bench, 15), taggedByte(7, 15));
  t.is(byte(bench, 20), 0);
});

test('truncating to a block boundary zeroes nothing, elsewhere the rest of the block', t => {
  const bench = new Bench();
  write(bench, 0, 48, 7);
  t.is(bench.run(truncatePage(bench.context, bench.inode, scriptedOps, 16)), 0);
  t.is(byte(bench, 16), taggedByte(7, 16));
  t.is(bench.run(truncatePage(bench.context, bench.inode, scriptedOps, 20)), 0);
  t.is(byte(bench, 19), taggedByte(7, 19));
  t.is(byte(bench, 20), 0);
  t.is(byte(bench, 32), taggedByte(7, 32));
});

test('what was scribbled behind the end does not surface when the file grows across it', t => {
  const bench = new Bench();
  write(bench, 0, 20, 7);
  bench.inode.mappings = 1;
  bench.run(mapStore(bench.context, bench.inode, scriptedOps, new WriteSource(16, 40, -1, 9)));
  const folio = bench.inode.cache.find(0)!;
  t.true(folio.writable);
  isizeExtended(bench.inode, 20, 60);
  bench.inode.setSize(60);
  t.false(folio.writable);
  t.is(byte(bench, 19), taggedByte(9, 19));
  t.is(byte(bench, 20), 0);
  t.is(byte(bench, 50), 0);
});

test('a write fault dirties the blocks below the end of the file and no others', t => {
  const bench = new Bench();
  bench.inode.setSize(20);
  bench.run(mapStore(bench.context, bench.inode, scriptedOps, new WriteSource(0, 4, -1, 9)));
  const folio = bench.inode.cache.find(0)!;
  t.deepEqual(
    [0, 1, 2, 3].map(block => folio.isBlockDirty(block)),
    [true, true, false, false],
  );
});

test('unsharing reads what is shared and marks it dirty, content unchanged', t => {
  const bench = new Bench();
  const { inode } = bench;
  bench.device.contents.fill(5, 0, 32);
  inode.setSize(40);
  const ops: MapOps = {
    begin(_, pos, _length, _flags, iomap, srcmap) {
      const shared = pos < 32;
      for (const map of [iomap, srcmap]) {
        map.offset = shared ? 0 : 32;
        map.length = shared ? 32 : 32;
      }
      if (!shared) {
        srcmap.clear();
        return 0;
      }
      srcmap.type = MapType.MAPPED;
      srcmap.addr = 0;
      iomap.type = MapType.DELALLOC;
      iomap.flags = MapFlag.SHARED;
      return 0;
    },
  };
  t.is(bench.run(unshareRange(bench.context, inode, ops, 0, 100)), 0);
  const folio = inode.cache.find(0)!;
  t.deepEqual(
    [0, 1, 2, 3].map(block => folio.isBlockDirty(block)),
    [true, true, false, false],
  );
  t.is(inode.cache.memory.bytes[folio.at + 17], 5);
});

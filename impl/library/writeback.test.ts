import test from 'ava';
import { type Bytes, EIO, ENOSPC, type Iomap, MapType, taggedByte } from '../../model/contract/index.js';
import { ErrorCursor } from '../cache/error-sequence.js';
import { bufferedWrite } from './buffered-write.js';
import { mapStore } from './mapped-access.js';
import { Bench, scriptedOps } from './testing/scripted.js';
import { WriteSource } from './user-buffer.js';
import { fileWriteAndWait, writeAndWait } from './wait.js';
import { writePages } from './writeback.js';

function write(bench: Bench, pos: Bytes, length: Bytes, tag: number): void {
  bench.run(bufferedWrite(bench.context, bench.inode, scriptedOps, pos, new WriteSource(pos, length, -1, tag), 0));
}

function completions(bench: Bench): string[] {
  return bench.inode.log.filter(line => line.startsWith('completed'));
}

test('folios that follow one another in file and device share an ioend, cut at the end of the file', t => {
  const bench = new Bench();
  write(bench, 0, 150, 1);
  bench.run(writeAndWait(bench.context, bench.inode, 0, 1000));
  t.deepEqual(completions(bench), ['completed [0, 150) 0']);
  t.is(bench.device.contents[149], taggedByte(1, 149));
  t.is(bench.device.contents[150], 0);
  t.is(bench.inode.cache.writebackCount, 0);
});

test('ioends completed in the wrong order are sorted and merged before the file system sees them', t => {
  const bench = new Bench();
  write(bench, 0, 256, 1);
  bench.run(writePages(bench.context, bench.inode, 0, 64, false));
  bench.run(writePages(bench.context, bench.inode, 0, 1000, false));
  while (bench.device.inFlight.length > 0) bench.device.complete(bench.device.inFlight.at(-1)!, 0);
  t.true(bench.inode.cache.writebackCount > 0);
  bench.settle();
  t.deepEqual(completions(bench), ['completed [0, 256) 0']);
  t.is(bench.inode.cache.writebackCount, 0);
});

test('a failed write is reported once by each descriptor, and the blocks stay unwritten', t => {
  const bench = new Bench();
  const fd = new ErrorCursor(bench.inode.errors);
  write(bench, 0, 32, 1);
  bench.verdict = () => EIO;
  t.is(bench.run(fileWriteAndWait(bench.context, bench.inode, fd, 0, 1000)), EIO);
  t.is(bench.run(fileWriteAndWait(bench.context, bench.inode, fd, 0, 1000)), 0);
  t.is(bench.inode.pieceAt(0).type, MapType.UNWRITTEN);
  t.is(bench.inode.cache.dirtyCount, 0);
});

test('a mapping that fails cleans its folio, fails the pending ioend and is reported', t => {
  const bench = new Bench({ ...new Bench().platform.geometry, maxFolioSize: 64 });
  write(bench, 0, 128, 1);
  const { inode } = bench;
  const map = inode.map.bind(inode);
  inode.map = (file, pos, length, iomap: Iomap) => (pos >= 64 ? ENOSPC : map(file, pos, length, iomap));
  t.is(bench.run(writeAndWait(bench.context, inode, 0, 1000)), ENOSPC);
  t.deepEqual(completions(bench), ['completed [0, 64) -28']);
  t.is(inode.cache.dirtyCount, 0);
  t.is(inode.cache.writebackCount, 0);
});

test('a store after the folio was taken dirties it again and belongs to the next writeback', t => {
  const bench = new Bench();
  write(bench, 0, 64, 1);
  bench.run(writePages(bench.context, bench.inode, 0, 64, true));
  const folio = bench.inode.cache.find(0)!;
  t.true(folio.writeback && !folio.dirty);
  bench.run(mapStore(bench.context, bench.inode, scriptedOps, new WriteSource(8, 4, -1, 2)));
  t.true(folio.writeback && folio.dirty);
  bench.run(writeAndWait(bench.context, bench.inode, 0, 64));
  t.is(bench.device.contents[8], taggedByte(2, 8));
});

test('a dirty block that the map answers with a hole is cleaned without I/O', t => {
  const bench = new Bench();
  write(bench, 0, 64, 1);
  bench.inode.pieces = [];
  bench.run(writeAndWait(bench.context, bench.inode, 0, 64));
  t.is(bench.inode.cache.dirtyCount, 0);
  t.is(bench.device.history!.length, 0);
});

import test from 'ava';
import {
  type Bio,
  EAGAIN,
  EFAULT,
  EINVAL,
  EIO,
  EIOCBQUEUED,
  type Geometry,
  KERNEL_GEOMETRY,
  MapFlag,
  MapType,
  taggedByte,
} from '../../model/contract/index.js';
import { bufferedRead } from './buffered-read.js';
import { bufferedWrite } from './buffered-write.js';
import { directIo } from './direct-io.js';
import { DirectFlag, DirectRequest } from './direct-request.js';
import { Bench, scriptedDirectOps, scriptedOps } from './testing/scripted.js';
import { ReadBuffer, WriteSource } from './user-buffer.js';

const pages: Geometry = { ...KERNEL_GEOMETRY, deviceBlocks: 64 };

function bench(isize: number): { on: Bench; writes: string[] } {
  const on = new Bench(pages);
  on.inode.setSize(isize);
  const writes: string[] = [];
  on.verdict = (bio: Bio) => {
    if (bio.kind === 'write') writes.push(`${bio.addr}+${bio.length}${bio.fua ? ' fua' : ''}`);
    return 0;
  };
  return { on, writes };
}

function dwrite(on: Bench, pos: number, length: number, flags = 0, accessible = -1): number {
  const source = new WriteSource(pos, length, accessible, 5);
  const request = new DirectRequest(on.context, on.inode, scriptedDirectOps, pos, length, { source }, flags);
  return on.run(directIo(on.context, scriptedOps, request));
}

function dread(
  on: Bench,
  pos: number,
  length: number,
  flags = 0,
  accessible = -1,
): { count: number; bytes: Uint8Array } {
  const bytes = new Uint8Array(length);
  const target = new ReadBuffer(pos, length, accessible, { bytes });
  const request = new DirectRequest(on.context, on.inode, {}, pos, length, { target }, flags);
  return { count: on.run(directIo(on.context, scriptedOps, request)), bytes };
}

test('a sub-block write into an unwritten block is surrounded by zeroes, and only that block is converted', t => {
  const { on, writes } = bench(8192);
  on.inode.set({ from: 0, to: 8192, type: MapType.UNWRITTEN });
  t.is(dwrite(on, 1024, 1024), 1024);
  t.deepEqual(writes, ['0+1024', '1024+1024', '2048+2048']);
  t.deepEqual(
    on.inode.pieces.map(piece => [piece.from, piece.to, piece.type]),
    [
      [0, 4096, MapType.MAPPED],
      [4096, 8192, MapType.UNWRITTEN],
    ],
  );
});

test('a sub-block overwrite zeroes nothing unless it ends at the end of the file', t => {
  const inside = bench(8192);
  inside.on.inode.set({ from: 0, to: 8192, type: MapType.MAPPED });
  t.is(dwrite(inside.on, 1024, 1024), 1024);
  t.deepEqual(inside.writes, ['1024+1024']);
  const atEnd = bench(2048);
  atEnd.on.inode.set({ from: 0, to: 8192, type: MapType.MAPPED });
  t.is(dwrite(atEnd.on, 1024, 1024), 1024);
  t.deepEqual(atEnd.writes, ['1024+1024', '2048+2048']);
});

test('an error in the second bio fails the request and converts nothing', t => {
  const { on } = bench(12_288);
  on.inode.set({ from: 4096, to: 8192, type: MapType.MAPPED });
  on.verdict = bio => (bio.addr === 8192 ? EIO : 0);
  t.is(dwrite(on, 4096, 8192), EIO);
  t.is(on.inode.pieceAt(8192).type, MapType.UNWRITTEN);
  t.is(on.device.contents[4096], taggedByte(5, 4096));
});

test('a read ends at the size the file had when it began, and behind it nothing happens', t => {
  const { on } = bench(5000);
  on.inode.set({ from: 0, to: 8192, type: MapType.MAPPED });
  t.is(dread(on, 0, 12_288).count, 5000);
  on.inode.log.length = 0;
  t.is(dread(on, 5000, 4096).count, 0);
  t.deepEqual(on.inode.log, []);
});

test('an append converts before it grows the file', t => {
  const { on } = bench(4096);
  t.is(dwrite(on, 4096, 4096), 4096);
  t.is(on.inode.isize, 8192);
  t.is(on.inode.pieceAt(4096).type, MapType.MAPPED);
});

test('a synchronous overwrite of clean blocks goes out with FUA and needs no sync', t => {
  const { on, writes } = bench(16_384);
  on.inode.set({ from: 0, to: 8192, type: MapType.MAPPED });
  t.is(dwrite(on, 0, 8192, DirectFlag.DSYNC), 8192);
  t.deepEqual(writes, ['0+8192 fua']);
  t.false(on.inode.log.includes('sync'));
  on.inode.set({ from: 8192, to: 16_384, type: MapType.UNWRITTEN });
  t.is(dwrite(on, 0, 16_384, DirectFlag.DSYNC), 16_384);
  t.true(on.inode.log.includes('sync'));
});

test('a mapping with uncommitted metadata is never written with FUA', t => {
  const { on, writes } = bench(8192);
  on.inode.set({ from: 0, to: 8192, type: MapType.MAPPED, flags: MapFlag.DIRTY });
  t.is(dwrite(on, 0, 8192, DirectFlag.DSYNC), 8192);
  t.deepEqual(writes, ['0+8192']);
  t.true(on.inode.log.includes('sync'));
});

test('a write that must not block refuses a range with a cached folio and leaves it', t => {
  const { on, writes } = bench(4096);
  on.inode.set({ from: 0, to: 4096, type: MapType.MAPPED });
  const to = new ReadBuffer(0, 10, -1, { bytes: new Uint8Array(10) });
  on.run(bufferedRead(on.context, on.inode, scriptedOps, 0, 10, to));
  t.is(dwrite(on, 0, 4096, DirectFlag.NOWAIT), EAGAIN);
  t.is(on.inode.cache.folios.length, 1);
  t.deepEqual(writes, []);
});

test('dirty cache in the range is written back and dropped before the direct data', t => {
  const { on } = bench(4096);
  on.inode.set({ from: 0, to: 4096, type: MapType.MAPPED });
  on.run(bufferedWrite(on.context, on.inode, scriptedOps, 0, new WriteSource(0, 4096, -1, 9), 0));
  t.is(dwrite(on, 0, 4096), 4096);
  t.is(on.inode.cache.folios.length, 0);
  t.is(on.device.contents[17], taggedByte(5, 17));
});

test('a fault counts what was transferred only when a partial result is wanted', t => {
  const { on } = bench(16_384);
  on.inode.set({ from: 0, to: 16_384, type: MapType.MAPPED });
  t.is(dread(on, 0, 16_384, 0, 8192).count, EFAULT);
  t.is(dread(on, 0, 16_384, DirectFlag.PARTIAL, 8192).count, 8192);
});

test('the zeroing of a block tail does not hide that the buffer could not be accessed (DIO-30)', t => {
  const { on, writes } = bench(8192);
  on.inode.set({ from: 0, to: 8192, type: MapType.UNWRITTEN });
  t.is(dwrite(on, 512, 4096, 0, 0), EFAULT);
  t.is(dwrite(on, 512, 4096, 0, 1024), EFAULT);
  t.deepEqual(writes, ['0+512', '512+1024', '1536+2560']);
  t.is(on.inode.pieceAt(0).type, MapType.UNWRITTEN);
});

test('an overwrite that may not allocate or extend is refused before anything happens', t => {
  const { on } = bench(1024);
  t.is(dwrite(on, 512, 1024, DirectFlag.OVERWRITE_ONLY), EAGAIN);
  t.deepEqual(on.inode.log, []);
});

test('what is not aligned to sectors is refused where a bio would be built', t => {
  const { on } = bench(8192);
  t.is(dread(on, 100, 200).count, 200);
  on.inode.set({ from: 0, to: 8192, type: MapType.MAPPED });
  t.is(dread(on, 100, 512).count, EINVAL);
  t.is(dwrite(on, 0, 100), EINVAL);
});

test('data behind a hole wants its place in the buffer aligned too', t => {
  const { on } = bench(8192);
  on.inode.set({ from: 4096, to: 8192, type: MapType.MAPPED });
  t.is(dread(on, 100, 8092).count, EINVAL);
  t.is(dread(on, 512, 7680).count, 7680);
  t.is(dread(on, 100, 3996).count, 3996);
});

test('an asynchronous write completes in a work item, and its count waits for that', t => {
  const { on } = bench(4096);
  const source = new WriteSource(4096, 4096, -1, 5);
  const request = new DirectRequest(on.context, on.inode, scriptedDirectOps, 4096, 4096, { source }, DirectFlag.ASYNC);
  t.is(on.run(directIo(on.context, scriptedOps, request)), EIOCBQUEUED);
  t.is(on.inode.direct.count, 1);
  t.is(on.inode.isize, 4096);
  t.is(on.run(request.wait(on.task)), 4096);
  t.is(on.inode.direct.count, 0);
  t.is(on.inode.isize, 8192);
});

test('a buffered read while a direct write is in flight does not keep what it cached', t => {
  const { on } = bench(4096);
  on.inode.set({ from: 0, to: 4096, type: MapType.UNWRITTEN });
  const source = new WriteSource(0, 4096, -1, 5);
  const request = new DirectRequest(on.context, on.inode, scriptedDirectOps, 0, 4096, { source }, DirectFlag.ASYNC);
  on.run(directIo(on.context, scriptedOps, request));
  const bytes = new Uint8Array(16);
  t.is(on.run(bufferedRead(on.context, on.inode, scriptedOps, 0, 16, new ReadBuffer(0, 16, -1, { bytes }))), 16);
  t.is(bytes[3], 0);
  on.run(request.wait(on.task));
  t.is(on.run(bufferedRead(on.context, on.inode, scriptedOps, 0, 16, new ReadBuffer(0, 16, -1, { bytes }))), 16);
  t.is(bytes[3], taggedByte(5, 3));
});

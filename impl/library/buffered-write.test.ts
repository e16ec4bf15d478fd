import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import {
  type ChoiceLabel,
  type Chooser,
  EFAULT,
  type Geometry,
  KERNEL_GEOMETRY,
  taggedByte,
} from '../../model/contract/index.js';
import { bufferedRead } from './buffered-read.js';
import { bufferedWrite } from './buffered-write.js';
import { dropCleanFolios } from './cache-control.js';
import { mapStore } from './mapped-access.js';
import { Bench, scriptedOps } from './testing/scripted.js';
import { ReadBuffer, WriteSource } from './user-buffer.js';
import { writeAndWait } from './wait.js';

const pages: Geometry = { ...KERNEL_GEOMETRY, maxFolioSize: 4096, deviceBlocks: 64 };
const smallBlocks: Geometry = { ...pages, blockSize: 1024, deviceBlocks: 256 };

/** A chooser that answers the n-th question of a label as told, and 0 otherwise. */
function answering(label: ChoiceLabel, answers: Readonly<Record<number, number>>): Chooser {
  let asked = 0;
  return { choose: (_, asking) => (asking === label ? (answers[asked++] ?? 0) : 0) };
}

function write(bench: Bench, pos: number, length: number, tag: number, accessible = -1): number {
  const source = new WriteSource(pos, length, accessible, tag);
  return bench.run(bufferedWrite(bench.context, bench.inode, scriptedOps, pos, source, 0));
}

function read(bench: Bench, pos: number, length: number): number[] {
  const bytes = new Uint8Array(length);
  const to = new ReadBuffer(pos, length, -1, { bytes });
  const count = bench.run(bufferedRead(bench.context, bench.inode, scriptedOps, pos, length, to));
  return [...bytes.subarray(0, Math.max(0, count))];
}

function tagged(tag: number, pos: number, length: number): number[] {
  return Array.from({ length }, (_, i) => taggedByte(tag, pos + i));
}

test('a write over two folios takes one begin and one end', t => {
  const bench = new Bench(pages);
  t.is(write(bench, 100, 4900, 7), 4900);
  t.deepEqual(bench.inode.log, ['begin 100 4900', 'end 100 4900 4900']);
  t.deepEqual(read(bench, 0, 6000), [...Array<number>(100).fill(0), ...tagged(7, 100, 4900)]);
});

test('a copy that faults punches the unused reservation, and the cause is met by a second begin', t => {
  const bench = new Bench(pages);
  t.is(write(bench, 100, 4900, 7, 3996), 3996);
  t.deepEqual(bench.inode.log, [
    'begin 100 4900',
    'end 100 4900 3996',
    'punch 4096 4096',
    'begin 4096 904',
    'end 4096 904 0',
    'punch 4096 4096',
  ]);
  t.is(bench.inode.isize, 4096);
});

test('a mapping that goes stale at the second folio is fetched again and the content is the same', t => {
  const bench = new Bench(pages, answering('mapping-stale', { 1: 1 }));
  t.is(write(bench, 100, 4900, 7), 4900);
  t.deepEqual(bench.inode.log.slice(0, 4), [
    'begin 100 4900',
    'end 100 4900 3996 stale',
    'punch 4096 4096',
    'begin 4096 904',
  ]);
  t.deepEqual(read(bench, 0, 5000), [...Array<number>(100).fill(0), ...tagged(7, 100, 4900)]);
});

test('a write of which no byte can be accessed is refused and leaves nothing', t => {
  const bench = new Bench();
  t.is(write(bench, 10, 20, 3, 0), EFAULT);
  t.is(bench.inode.isize, 0);
  t.deepEqual(bench.inode.pieces, []);
});

test('a buffer that ends inside a write into a hole shows zeroes behind the bytes written, never old memory (H-1)', t => {
  const bench = new Bench();
  bench.inode.setSize(64);
  t.is(write(bench, 3, 40, 9, 20), 20);
  t.deepEqual(read(bench, 0, 64), [...Array<number>(3).fill(0), ...tagged(9, 3, 20), ...Array<number>(41).fill(0)]);
});

test('a short copy over written blocks reads the block it ends in instead of inventing bytes', t => {
  const bench = new Bench();
  write(bench, 0, 128, 1);
  bench.run(writeAndWait(bench.context, bench.inode, 0, 128));
  dropCleanFolios(bench.inode, 0, 128);
  t.is(write(bench, 16, 48, 2, 24), 24);
  t.deepEqual(read(bench, 0, 128), [...tagged(1, 0, 16), ...tagged(2, 16, 24), ...tagged(1, 40, 88)]);
});

/** A write of [0, 8192) that stops after `accessible` bytes while a fault dirties [from, 8192) behind it. */
function failWhileFaulting(bench: Bench, isize: number, from: number, to: number, accessible: number): string[] {
  const { inode } = bench;
  inode.setSize(Math.max(isize, to));
  inode.onBegin = () => {
    inode.onBegin = null;
    bench.run(mapStore(bench.context, inode, scriptedOps, new WriteSource(from, to - from, -1, 5)));
    inode.pieces = [];
    inode.setSize(isize);
    inode.log.length = 0;
  };
  write(bench, 0, 8192, 6, accessible);
  return inode.log.filter(line => line.startsWith('punch'));
}

test('the punch scan keeps what a fault dirtied behind a short write (PC-54)', t => {
  t.deepEqual(failWhileFaulting(new Bench(smallBlocks), 8192, 4096, 8192, 1500), ['punch 2048 2048']);
});

test('dirty blocks behind the end of the file hold no space (PC-55)', t => {
  t.deepEqual(failWhileFaulting(new Bench(smallBlocks), 4096, 4096, 8192, 1500), ['punch 2048 6144']);
});

test('a dirty block that holds the end of the file keeps its reservation (PC-56, H-7)', t => {
  t.deepEqual(failWhileFaulting(new Bench(pages), 5000, 4096, 5000, 4096), []);
});

const shorts: Chooser[] = [0, 1, 2, 3, 4, 5].map(n => answering('user-copy', { [n]: 1 + (n % 3), [n + 1]: 2 }));

testProp(
  'writes with short copies, stale mappings, writeback and reclaim between them read back as a plain array',
  [fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 90 }), fc.nat(4), fc.nat(5)), { maxLength: 12 })],
  (t, steps) => {
    let which = 0;
    const stale = answering('mapping-stale', { 1: 1, 4: 1, 5: 1 });
    const bench = new Bench(undefined, {
      choose: (n, label) =>
        Math.min(n - 1, label === 'user-copy' ? shorts[which]!.choose(n, label) : stale.choose(n, label)),
    });
    const expected: number[] = [];
    steps.forEach(([pos, length, after, chooser], index) => {
      which = chooser;
      const tag = index + 1;
      t.is(write(bench, pos, length, tag), length);
      while (expected.length < pos) expected.push(0);
      tagged(tag, pos, length).forEach((byte, i) => {
        expected[pos + i] = byte;
      });
      if (after === 1) bench.run(writeAndWait(bench.context, bench.inode, 0, pos));
      if (after === 2) bench.run(writeAndWait(bench.context, bench.inode, 0, 1000));
      if (after >= 2) dropCleanFolios(bench.inode, 0, 1000);
      t.deepEqual(read(bench, 0, 1000), expected);
    });
    bench.run(writeAndWait(bench.context, bench.inode, 0, 1000));
    dropCleanFolios(bench.inode, 0, 1000);
    t.is(bench.inode.cache.folios.length, 0);
    t.deepEqual(read(bench, 0, 1000), expected);
    t.deepEqual(bench.platform.locks.heldBy(1), []);
  },
);

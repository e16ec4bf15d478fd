import test from 'ava';
import { ENXIO, type Geometry, KERNEL_GEOMETRY, MapType, type ReportedExtent } from '../../model/contract/index.js';
import { bufferedWrite } from './buffered-write.js';
import { dropCleanFolios } from './cache-control.js';
import { fiemap } from './fiemap.js';
import { seekData, seekHole } from './seek.js';
import { Bench, scriptedOps } from './testing/scripted.js';
import { WriteSource } from './user-buffer.js';
import { writeAndWait } from './wait.js';

const pages: Geometry = { ...KERNEL_GEOMETRY, deviceBlocks: 64 };

/** The map of dax-seek-report.md section 7.1, with its dirty folio at 8192. */
function layout(): Bench {
  const bench = new Bench(pages);
  bench.inode.setSize(20_000);
  bench.inode.set({ from: 0, to: 4096, type: MapType.MAPPED, addr: 40_960 });
  bench.inode.set({ from: 4096, to: 12_288, type: MapType.UNWRITTEN, addr: 49_152 });
  bench.run(bufferedWrite(bench.context, bench.inode, scriptedOps, 8192, new WriteSource(8192, 4096, -1, 3), 0));
  return bench;
}

function data(bench: Bench, pos: number): number {
  return bench.run(seekData(bench.context, bench.inode, scriptedOps, pos));
}

function hole(bench: Bench, pos: number): number {
  return bench.run(seekHole(bench.context, bench.inode, scriptedOps, pos));
}

function extents(bench: Bench, start: number, length: number, room: number, sync = false): ReportedExtent[] {
  const found: ReportedExtent[] = [];
  t0(bench.run(fiemap(bench.context, bench.inode, scriptedOps, start, length, sync, room, found)));
  return found;
}

function t0(errno: number): void {
  if (errno !== 0) throw new Error(`fiemap failed with ${errno}`);
}

function brief(found: readonly ReportedExtent[]): string[] {
  return found.map(e => `${e.logical}+${e.length}${e.unwritten ? ' unwritten' : ''}${e.last ? ' last' : ''}`);
}

test('seek looks into the cache over unwritten blocks and nowhere else', t => {
  const bench = layout();
  t.is(data(bench, 0), 0);
  t.is(data(bench, 100), 100);
  t.is(hole(bench, 0), 4096);
  t.is(data(bench, 4096), 8192);
  t.is(hole(bench, 8192), 12_288);
  t.is(data(bench, 12_288), ENXIO);
  t.is(hole(bench, 19_999), 19_999);
  t.is(hole(bench, 20_000), ENXIO);
  t.is(data(bench, 20_000), ENXIO);
  bench.run(writeAndWait(bench.context, bench.inode, 0, 20_000));
  dropCleanFolios(bench.inode, 0, 20_000);
  t.is(data(bench, 4096), 8192);
  t.is(hole(bench, 8192), 12_288);
});

test('a file without holes ends in a virtual one', t => {
  const bench = new Bench(pages);
  bench.inode.set({ from: 0, to: 8192, type: MapType.MAPPED });
  bench.inode.setSize(5000);
  t.is(hole(bench, 0), 5000);
  t.is(data(bench, 4999), 4999);
});

test('seek sees single blocks of a folio that is not uptodate as a whole', t => {
  const bench = new Bench({ ...pages, blockSize: 1024, maxFolioSize: 4096, deviceBlocks: 256 });
  bench.inode.set({ from: 0, to: 4096, type: MapType.UNWRITTEN });
  bench.inode.setSize(4096);
  bench.run(bufferedWrite(bench.context, bench.inode, scriptedOps, 2048, new WriteSource(2048, 1024, -1, 3), 0));
  t.is(data(bench, 0), 2048);
  t.is(hole(bench, 2048), 3072);
  t.is(data(bench, 3072), ENXIO);
  t.is(hole(bench, 0), 0);
});

test('fiemap emits one behind and marks the last', t => {
  const bench = layout();
  t.deepEqual(brief(extents(bench, 0, 20_000, 8)), ['0+4096', '4096+8192 unwritten last']);
  t.deepEqual(brief(extents(bench, 5000, 1000, 8)), ['4096+8192 unwritten last']);
  t.deepEqual(brief(extents(bench, 12_288, 7712, 8)), []);
  t.deepEqual(brief(extents(bench, 0, 20_000, 1)), ['0+4096']);
});

test('fiemap with sync reports what writeback made of dirty data', t => {
  t.deepEqual(brief(extents(layout(), 0, 20_000, 8, true)), ['0+4096', '4096+4096 unwritten', '8192+4096 last']);
});

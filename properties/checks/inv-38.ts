/**
 * INV-38 extent report: what FIEMAP reports is the map, and what the map and the device hold of clean blocks is the content
 * of the file (FM-04, FM-06, FM-08). So reclaim at any quiet instant changes nothing (PC-95), and every non-zero byte lies in
 * a piece that is not UNWRITTEN once all is written back.
 */
import { type Answer, type Bytes, type Finding, Fork, type ReportedExtent } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import { compareRows } from './engine/content.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { FileTrack } from './engine/file-track.js';

/** Bytes of a hole compared with the truth at each of its ends. */
const HOLE_SAMPLE = 4096;
const zeroes = new Uint8Array(65_536);

export const inv38: CheckDefinition = {
  id: 'INV-38',
  checks:
    'when all is quiet the device bytes of clean written blocks are the file content, what is neither written nor dirty reads as zero, and FIEMAP pieces are disjoint, in order, and as the map is',
  exercised: 'a quiet look at blocks that may have changed, or a FIEMAP answer with pieces',
  silent: 'while anything runs or is in flight',
  answers: ['fiemap'],
  make(world) {
    const onDevice = {
      memory: zeroes as Uint8Array,
      mask: Code.dirty | Code.data,
      state: Fork.written,
      cached: false,
    };
    const blame = (file: FileTrack, offset: Bytes, seen: number, where: string): Finding =>
      world.finding(
        'INV-38',
        file.id,
        offset,
        1,
        `clean byte ${offset} ${where} is wrong: ${world.describeByte(file.id, offset, seen)}`,
      );

    const settled = (file: FileTrack): Finding | null => {
      const { deviceSuspects: suspects, rows } = file;
      if (suspects.count === 0) return null;
      check.exercised++;
      const { blockSize } = world.geometry;
      for (let i = 0; i < suspects.count; i++) {
        const from = suspects.from(i);
        const to = Math.min(suspects.to(i), file.isize);
        const first = rows.seek(Math.floor(from / blockSize));
        const last = rows.seek(Math.ceil(to / blockSize));
        if (world.device !== null) {
          onDevice.memory = world.device.contents;
          const wrong = compareRows(world.truth, file, blockSize, first, last, onDevice);
          if (wrong !== null)
            return blame(
              file,
              wrong.offset,
              wrong.seen,
              `on the device (${deviceBlockOf(file, wrong.offset, blockSize)})`,
            );
        }
        const unwritten = wrongUnwritten(file, first, last);
        if (unwritten >= 0) return blame(file, unwritten, 0, 'of a block that is not written');
        const hole = wrongHole(file, from, to, first, last);
        if (hole >= 0) return blame(file, hole, 0, 'of a hole');
      }
      return null;
    };
    /** What is clean and not written reads as zero. */
    const wrongUnwritten = (file: FileTrack, first: number, last: number): Bytes => {
      const { rows, isize } = file;
      const { blockSize } = world.geometry;
      for (let row = first; row < last; row++) {
        const code = rows.code[row]!;
        if ((code & Code.dirty) !== 0 || (code & Code.data) === Fork.written) continue;
        const offset = rows.block[row]! * blockSize;
        if (offset >= isize) return -1;
        const wrong = world.truth.differs(file.id, offset, Math.min(blockSize, isize - offset), zeroes, 0);
        if (wrong >= 0) return wrong;
      }
      return -1;
    };
    /** Between listed blocks there is nothing: the truth must be zero there. */
    const wrongHole = (file: FileTrack, from: Bytes, to: Bytes, first: number, last: number): Bytes => {
      const { blockSize } = world.geometry;
      let at = from;
      for (let row = first; row <= last; row++) {
        const start = row < last ? file.rows.block[row]! * blockSize : to;
        if (start > at) {
          const head = Math.min(start - at, HOLE_SAMPLE);
          let wrong = world.truth.differs(file.id, at, head, zeroes, 0);
          if (wrong < 0 && start - at > head) wrong = world.truth.differs(file.id, start - head, head, zeroes, 0);
          if (wrong >= 0) return wrong;
        }
        at = Math.max(at, start + blockSize);
      }
      return -1;
    };
    const reported = (file: FileTrack, extents: readonly ReportedExtent[]): Finding | null => {
      let end = 0;
      for (const extent of extents) {
        const what = `piece [${extent.logical}, ${extent.logical + extent.length})`;
        const fault = extent.logical < end ? 'overlaps or precedes the one before (FM-06)' : pieceFault(file, extent);
        if (fault !== '')
          return world.finding('INV-38', file.id, extent.logical, extent.length, `FIEMAP ${what} ${fault}`);
        end = extent.logical + extent.length;
      }
      return null;
    };
    const pieceFault = (file: FileTrack, extent: ReportedExtent): string => {
      const { blockSize } = world.geometry;
      if (extent.inline) return '';
      const { rows } = file;
      let block = Math.floor(extent.logical / blockSize);
      const last = Math.min(block + 1024, Math.ceil((extent.logical + extent.length) / blockSize));
      for (let row = rows.seek(block); block < last; block++, row++) {
        const code = row < rows.count && rows.block[row] === block ? rows.code[row]! : 0;
        const type = extent.delalloc ? Fork.delay : extent.unwritten ? Fork.unwritten : Fork.written;
        if ((code & Code.data) !== type) return `does not say what block ${block} is`;
        if (((code & Code.shared) !== 0) !== extent.shared) return `is wrong about the sharing of block ${block}`;
        if (type === Fork.delay) {
          if (extent.physical !== 0) return `gives block ${block}, which is delayed, a place on the device (FM-04)`;
          continue;
        }
        const at = extent.physical + block * blockSize - extent.logical;
        if (at !== rows.dataBlock[row]! * blockSize) return `says block ${block} is at device byte ${at}`;
      }
      return '';
    };
    const check: PropertyCheck = {
      id: 'INV-38',
      exercised: 0,
      scanned: file => (file.quiet ? settled(file) : null),
      returned(call, answer: Answer) {
        if (answer.error !== 0 || answer.extents.length === 0) return null;
        const file = world.file(call.file);
        // What completed meanwhile may have changed the map behind the report.
        if (!world.calls.alone(world.calls.returning!) || !file.quiet) return null;
        check.exercised++;
        return reported(file, answer.extents);
      },
    };
    return check;
  },
};

function deviceBlockOf(file: FileTrack, offset: Bytes, blockSize: Bytes): string {
  const row = file.rows.find(Math.floor(offset / blockSize));
  return row < 0 ? 'unmapped' : `device block ${file.rows.dataBlock[row]}`;
}

/**
 * INV-35 size follows data: the in-core size grows only when the bytes below it are in place, and only by the operations
 * that may change it (PC-33, DIO-43, DIO-47, FS-X14). That the bytes are the right ones is INV-26's to say.
 */
import { type Bytes, Cached, type FileId, type Finding, Fork, MapType } from '../../model/contract/index.js';
import { Is } from './engine/call-kinds.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { isBufferedWrite } from './engine/iterations.js';

export const inv35: CheckDefinition = {
  id: 'INV-35',
  checks:
    'isize changes inside a call that may change it; when a buffered write raises it the last byte is in an uptodate block, when a direct one does no block below is unwritten',
  exercised: 'a change of the in-core size',
  silent: 'INLINE files keep their bytes elsewhere',
  hears: ['isize'],
  make(world) {
    const blame = (file: FileId, from: Bytes, to: Bytes, fault: string): Finding =>
      world.finding(
        'INV-35',
        file,
        Math.min(from, to),
        Math.abs(to - from),
        `isize went from ${from} to ${to} ${fault}`,
      );
    const buffered = (file: FileId, from: Bytes, to: Bytes): Finding | null => {
      const block = Math.floor((to - 1) / world.geometry.blockSize);
      const cache = world.peek(file, block, 1).cache[0]!;
      if ((cache & Cached.uptodate) !== 0) return null;
      return blame(file, from, to, `before block ${block} had its bytes in the cache (PC-33)`);
    };
    // One of the requests that end there or behind raised it: that one's blocks are converted.
    const direct = (file: FileId, from: Bytes, to: Bytes): Finding | null => {
      const { blockSize } = world.geometry;
      let blamed: Finding | null = null;
      for (const request of world.requests.open) {
        if (request.file !== file || request.offset >= to || request.end < to) continue;
        const first = Math.floor(Math.max(from, request.offset) / blockSize);
        const count = Math.ceil(to / blockSize) - first;
        const unwritten = world.peek(file, first, count).data.subarray(0, count).indexOf(Fork.unwritten);
        if (unwritten < 0) return null;
        blamed ??= blame(file, from, to, `while block ${first + unwritten} of the direct write is unwritten (DIO-43)`);
      }
      return blamed;
    };
    const check: PropertyCheck = {
      id: 'INV-35',
      exercised: 0,
      event(_kind, file, from, to) {
        if (from === to) return null;
        check.exercised++;
        if (!world.calls.working(file, Is.sizing))
          return blame(file, from, to, 'with no call in progress that may change it');
        if (to < from) return null;
        const track = world.iterations.storing(file, to - 1, 1);
        // A direct write may end while a buffered one stands in the same bytes.
        if (world.requests.endingAt(file, to) && direct(file, from, to) === null) return null;
        if (track !== null && isBufferedWrite(track))
          return track.iomap.type === MapType.INLINE ? null : buffered(file, from, to);
        return direct(file, from, to);
      },
    };
    return check;
  },
};

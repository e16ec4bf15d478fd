/** What end owes after a mapping that reserved space was not used up: the range of MAP-44, and which blocks are kept (PC-50). */
import {
  type BlockTable,
  type Bytes,
  Cached,
  CowFork,
  MapFlag,
  MapType,
  OpFlag,
  roundDown,
  roundUp,
} from '../../../model/contract/index.js';
import type { IterationTrack } from './iterations.js';

/** True when end has to give back what was reserved and not used (MAP-44, MAP-45). */
export function owesCleanup(track: IterationTrack): boolean {
  const { iomap, flags, written, effective } = track;
  return (
    iomap.type === MapType.DELALLOC &&
    (iomap.flags & MapFlag.NEW) !== 0 &&
    (flags & (OpFlag.FAULT | OpFlag.DIRECT)) === 0 &&
    written < effective
  );
}

/** Where the unused part begins: W of MAP-44. */
export function cleanupFrom(track: IterationTrack, blockSize: Bytes): Bytes {
  return track.written === 0 ? roundDown(track.start, blockSize) : roundUp(track.start + track.written, blockSize);
}

/** Where it ends. */
export function cleanupTo(track: IterationTrack, blockSize: Bytes): Bytes {
  return roundUp(track.start + track.effective, blockSize);
}

/** True if a block with this cache state, beginning at `start`, is kept (PC-50). */
export function isKept(cache: number, start: Bytes, isize: Bytes): boolean {
  const kept = Cached.uptodate | Cached.dirty;
  return start < isize && (cache & kept) === kept;
}

/**
 * A block that was stored to meanwhile and is being written out of place: it is clean, and what was reserved under it is
 * given back by the remap at completion (FS-X5).
 */
export function isBeingCopied({ cache, cow }: BlockTable, i: number): boolean {
  return (cache[i]! & Cached.writeback) !== 0 && cow[i]! >= CowFork.real;
}

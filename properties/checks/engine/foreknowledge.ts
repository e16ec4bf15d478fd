/** How the block at a position stood just before begin was asked about it, for rules about what begin may do to it. */
import { type IterationRecord, OpFlag } from '../../../model/contract/index.js';
import type { IterationTrack } from './iterations.js';
import type { World } from './world.js';

/** Only what stores through the cache or to the device may change the map, so only that is remembered. */
const STORING = OpFlag.WRITE | OpFlag.ZERO;

/** Remembers the forks of the block at the position, when begin is about to be called. */
export function remember(world: World, track: IterationTrack, record: IterationRecord): void {
  if ((record.flags & STORING) === 0) return;
  const table = world.peek(record.file, Math.floor(record.pos / world.geometry.blockSize), 1);
  track.dataBefore = table.data[0]!;
  track.cowBefore = table.cow[0]!;
  track.backgroundBefore = world.calls.background;
  track.leftBefore = world.calls.left;
}

/** True when it is known how the block stood before begin. */
export function isRemembered(track: IterationTrack): boolean {
  return (track.flags & STORING) !== 0;
}

/**
 * No background work ran since. Where begin waits (for a lock, or for the log: Y-SY2), a writeback may meanwhile fail and
 * give back a reservation that was there when begin was called (FS-X4), or succeed and bring a copy to a hole (WB-52).
 */
export function isUndisturbed(world: World, track: IterationTrack): boolean {
  return track.backgroundBefore === world.calls.background;
}

/** No other call was open since: none is now, and none returned while begin waited. */
export function isAlone(world: World, track: IterationTrack): boolean {
  return world.calls.open.length <= 1 && track.leftBefore === world.calls.left;
}

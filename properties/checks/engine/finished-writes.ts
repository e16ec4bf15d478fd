/** Has all of a device block been written since it was allocated? (INV-42, INV-43, INV-52) */
import type { DeviceBlock } from '../../../model/contract/index.js';
import type { DeviceTrack } from './device-track.js';

/**
 * Why a block may not become visible yet, as a clause, or ''. `requests` is how many direct requests write to it: a block
 * written in part counts only without any, for with one that is a rule of its own; and while one is at it, its write may
 * be in flight when writeback or another request has finished the block.
 */
export function unfinishedWrite(blocks: DeviceTrack, block: DeviceBlock, requests: number): string {
  const written = blocks.written[block]!;
  if (blocks.inFlight[block]! > 0 && (requests === 0 || written !== blocks.whole))
    return 'to which a write is still in flight';
  if (written === 0) return 'to which nothing was written since it was allocated';
  if (written !== blocks.whole && requests === 0) return 'of which only a part was written since it was allocated';
  return '';
}

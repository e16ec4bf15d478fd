/** Has all of a device block been written since it was allocated? (INV-42, INV-43, INV-52) */
import type { DeviceBlock } from '../../../model/contract/index.js';
import type { DeviceTrack } from './device-track.js';

/**
 * Why a block may not become visible yet, as a clause, or ''. A block written in part counts only where `partly` is false:
 * for a direct request that is a rule of its own.
 */
export function unfinishedWrite(blocks: DeviceTrack, block: DeviceBlock, partly: boolean): string {
  if (blocks.inFlight[block]! > 0) return 'to which a write is still in flight';
  const written = blocks.written[block]!;
  if (written === 0) return 'to which nothing was written since it was allocated';
  if (written !== blocks.whole && !partly) return 'of which only a part was written since it was allocated';
  return '';
}

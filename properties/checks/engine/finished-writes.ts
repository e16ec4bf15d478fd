/** Blocks that readers begin to find on the device: has all of each been written since it was allocated? (INV-42, INV-43) */
import type { DeviceBlock } from '../../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './definition.js';
import type { DeviceTrack } from './device-track.js';

/** One way in which a block becomes visible. */
interface Becoming {
  readonly id: string;
  readonly checks: string;
  readonly event: 'convert' | 'remap';
  /** What happens to the block, for messages. */
  readonly becomes: string;
}

/** The check that each block which becomes visible in this way was written before, all of it, and the write completed. */
export function finishedBefore({ id, checks, event, becomes }: Becoming): CheckDefinition {
  return {
    id,
    checks,
    exercised: `a block that was ${becomes}`,
    silent: 'a block that a direct request in progress wrote in part is INV-52',
    hears: [event],
    make(world) {
      const check: PropertyCheck = {
        id,
        exercised: 0,
        event(_kind, file, first, count, target) {
          const { blockSize } = world.geometry;
          for (let i = 0; i < count; i++) {
            check.exercised++;
            const start = (first + i) * blockSize;
            const direct = world.requests.over(file, start, start + blockSize);
            const fault = unfinishedWrite(world.blocks, target + i, direct);
            if (fault === '') continue;
            const message = `block ${first + i} was ${becomes} to device block ${target + i}, ${fault}`;
            return world.finding(id, file, start, blockSize, message);
          }
          return null;
        },
      };
      return check;
    },
  };
}

/**
 * Why a block may not become visible yet, as a clause, or ''. `requests` is how many direct requests write to it: a block
 * written in part counts only without any, for with one that is a rule of its own; and while one is at it, its write may
 * be in flight when writeback or another request has finished the block.
 */
function unfinishedWrite(blocks: DeviceTrack, block: DeviceBlock, requests: number): string {
  const written = blocks.written[block]!;
  if (blocks.inFlight[block]! > 0 && (requests === 0 || written !== blocks.whole))
    return 'to which a write is still in flight';
  if (written === 0) return 'to which nothing was written since it was allocated';
  if (written !== blocks.whole && requests === 0) return 'of which only a part was written since it was allocated';
  return '';
}

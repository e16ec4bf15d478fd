/**
 * MAP-03: on XFS and ext4 a mapping is made of whole blocks, in the file and on the device. Other file systems have valid
 * reasons not to (tails inside the inode, byte-granular sizes, requests mirrored back), and INLINE has no blocks. While
 * the block size is not known the mapping waits for it; where it never is, half a kilobyte is what every block is made of.
 */
import type { MappingEvent, PieceEvent } from '../../../model/contract/kernel-event.js';
import { MapType } from '../../../model/contract/mapping.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

const aligned = (value: number, block: number): boolean => !Number.isFinite(value) || value % block === 0;

const BLOCKS = new Set(['xfs', 'ext4']);
const SMALLEST = 512;

export const alignment: KernelRule = {
  id: 'K-ALIGN',
  sentence: 'Offset, length and address of a mapping are multiples of the block size (XFS, ext4).',
  sources: ['MAP-03', 'INV-15'],
  exercised: 'a mapping of known block size was given',
  lines: 1,
  watch(world, judge) {
    const check = (event: MappingEvent | PieceEvent): undefined => {
      const { device } = world;
      if (!BLOCKS.has(device.fs) || event.type === MapType.INLINE) return judge.undecided();
      const stored = event.addr !== -1 && (event.type === MapType.MAPPED || event.type === MapType.UNWRITTEN);
      const judgeBy = (block: number): boolean => {
        const wrong = !aligned(event.offset, block)
          ? `offset ${hex(event.offset)}`
          : !aligned(event.length, block)
            ? `length ${hex(event.length)}`
            : stored && !aligned(event.addr, block)
              ? `address ${hex(event.addr)}`
              : null;
        if (wrong !== null) judge.broken(event, `${wrong} is no multiple of ${block}`);
        return wrong === null;
      };
      if (!judgeBy(device.blockSize === 0 ? SMALLEST : device.blockSize)) return undefined;
      if (device.blockSize !== 0) judge.held();
      else {
        judge.undecided();
        device.withBlockSize(() => void judgeBy(device.blockSize));
      }
    };
    return { dstmap: check, srcmap: check, piece: check };
  },
};

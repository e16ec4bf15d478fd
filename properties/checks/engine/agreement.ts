/** Does a block, as it is now, agree with a mapping record? For the freshness check and what follows it (INV-08, LK-23). */
import {
  type BlockTable,
  CowFork,
  Fork,
  type Iomap,
  MapFlag,
  MapType,
  OpFlag,
  type OpFlags,
} from '../../../model/contract/index.js';

const FORK_NAMES = ['a hole', 'delayed', 'unwritten', 'written'] as const;
const COW_NAMES = ['empty', 'delayed', 'real', 'busy'] as const;

/** What a record and its source say about blocks; `drift` allows what may happen between the check and the store. */
export interface Claim {
  readonly iomap: Iomap;
  readonly srcmap: Iomap;
  readonly flags: OpFlags;
}

/** What disagrees about row `i` of the table, as a clause, or ''. */
export function disagreement(claim: Claim, now: BlockTable, i: number, blockSize: number, drift: boolean): string {
  const { iomap, srcmap, flags } = claim;
  if ((iomap.flags & MapFlag.SHARED) === 0) return dataDisagrees(iomap, now, i, blockSize, flags, drift);
  const cow = now.cow[i]!;
  if (iomap.type === MapType.DELALLOC) {
    if (cow !== CowFork.delay && !(drift && cow !== CowFork.none)) return `its copy-on-write fork is ${COW_NAMES[cow]}`;
  } else {
    if (cow < CowFork.real) return `its copy-on-write fork is ${COW_NAMES[cow]}`;
    if (now.cowBlock[i] !== deviceBlock(iomap, now, i, blockSize))
      return `its copy-on-write block is ${now.cowBlock[i]}`;
  }
  return srcmap.type === MapType.HOLE ? '' : dataDisagrees(srcmap, now, i, blockSize, 0, drift);
}

function dataDisagrees(
  map: Iomap,
  now: BlockTable,
  i: number,
  blockSize: number,
  flags: OpFlags,
  drift: boolean,
): string {
  const data = now.data[i]!;
  switch (map.type) {
    case MapType.HOLE:
      return data === Fork.hole || (flags & OpFlag.ZERO) !== 0 ? '' : `it is ${FORK_NAMES[data]}`;
    case MapType.DELALLOC:
      return data === Fork.delay || (drift && data !== Fork.hole) ? '' : `it is ${FORK_NAMES[data]}`;
    case MapType.INLINE:
      return '';
    case MapType.UNWRITTEN:
      if (data !== Fork.unwritten && !(drift && data === Fork.written)) return `it is ${FORK_NAMES[data]}`;
      break;
    default:
      if (data !== Fork.written) return `it is ${FORK_NAMES[data]}`;
      if (now.shared[i] === 1 && (flags & (OpFlag.WRITE | OpFlag.ZERO)) !== 0) return 'it is shared';
  }
  return now.dataBlock[i] === deviceBlock(map, now, i, blockSize) ? '' : `it lies in device block ${now.dataBlock[i]}`;
}

/** The device block that a record gives row `i` of the table. */
function deviceBlock(map: Iomap, now: BlockTable, i: number, blockSize: number): number {
  return (map.addr + (now.first + i) * blockSize - map.offset) / blockSize;
}

/**
 * Is a mapping that a kernel gave to a command permitted by the reference model? The model's truth is taken before and
 * after the command, block by block; between the two any block may show either.
 *
 * Compared: for readers, reporters and zeroing the type of every block up to the end of the file (hole, delayed,
 * unwritten, written against the model's set); for FIEMAP also SHARED; for writers that written blocks were written before
 * (else what lay there would show), that unwritten or delayed space is not put over written blocks, that storage with
 * another owner is not written in place, and that copy-on-write space is given only to files that may have some; for
 * sources as for readers; for writeback that its blocks can be data, and are not shared. Realizes INV-14, INV-15, INV-38,
 * MAP-05, MAP-09, MAP-20, MAP-23 as far as mappings show them.
 *
 * Not decidable, and not compared: addresses (the model has none), blocks behind the end (preallocation comes and goes,
 * FS-X11), the copy-on-write fork itself, which of delayed, unwritten and written waiting data shows (writeback runs when
 * it likes), and anything while ranges of the file are being moved.
 */
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../model/contract/index.js';
import type { KernelMapping } from '../../model/contract/kernel-event.js';
import type { BlockView } from '../../model/files/index.js';

const { HOLE, DELALLOC, MAPPED, UNWRITTEN } = MapType;

/** A file at one moment, as the model knows it. */
export interface FileView {
  readonly size: number;
  readonly hasCopyOnWrite: boolean;
  /** By block number; blocks behind are as the last. */
  readonly blocks: readonly BlockView[];
}

/** What the mapping is for. */
export interface Purpose {
  readonly is: 'look' | 'report' | 'seek' | 'zero' | 'store' | 'source';
  /** Where the iteration asked. */
  readonly pos: number;
  /** The range of the command, in bytes. */
  readonly from: number;
  readonly to: number;
  /** The command frees the blocks of its range on its way. */
  readonly frees: boolean;
}

export interface Permits {
  readonly blockSize: number;
  /** ext4 makes unwritten blocks around a change written, with zeroes, rather than split an extent. */
  readonly zeroesAround: boolean;
}

const at = (view: FileView, block: number): BlockView => view.blocks[Math.min(block, view.blocks.length - 1)]!;

/** May a block show this type? */
function canShow(permits: Permits, view: FileView, block: number, type: MapType): boolean {
  const b = at(view, block);
  switch (type) {
    case HOLE:
      return b.hole || (view.hasCopyOnWrite && b.waiting);
    case DELALLOC:
      return b.waiting || (b.hole && b.unwritten);
    case UNWRITTEN:
      return b.unwritten || b.waiting;
    case MAPPED:
      return b.data || (permits.zeroesAround && b.unwritten);
    default:
      return false;
  }
}

function expected(b: BlockView): string {
  const kinds = [b.hole ? 'hole' : '', b.unwritten ? 'unwritten' : '', b.data ? 'data' : ''].filter(
    kind => kind !== '',
  );
  return `${kinds.join(' or ')}${b.waiting ? ' (not all written back)' : ''}`;
}

/** The blocks that the mapping says something about: a hole only up to the end of the file. */
export function blocksOf(permits: Permits, m: KernelMapping, size: number): { first: number; behind: number } {
  const { blockSize } = permits;
  const end = m.type === HOLE ? Math.min(m.offset + m.length, size) : m.offset + m.length;
  return { first: Math.floor(m.offset / blockSize), behind: Math.ceil(end / blockSize) };
}

/** What is wrong with a mapping; null if it is permitted. */
export function judgeMapping(
  permits: Permits,
  m: KernelMapping,
  purpose: Purpose,
  before: FileView,
  after: FileView,
): string | null {
  const { blockSize } = permits;
  const isShared = (m.flags & MapFlag.SHARED) !== 0;
  const name = MAP_TYPE_NAMES[m.type] ?? String(m.type);
  if (isShared && purpose.is !== 'report') {
    if (before.hasCopyOnWrite || after.hasCopyOnWrite) return null;
    return `SHARED for a file that has no copy-on-write space`;
  }
  if (purpose.is === 'store' && m.type === HOLE) return 'HOLE for a writer';
  const size = Math.max(before.size, after.size);
  const { first, behind } = blocksOf(permits, m, size);
  const freedFrom = purpose.frees ? Math.floor(purpose.from / blockSize) : Number.POSITIVE_INFINITY;
  const freedTo = Math.ceil(purpose.to / blockSize);
  // Blocks ahead of the position that the command will store to: nothing of it has happened to them yet.
  const aheadFrom = purpose.is === 'store' ? Math.ceil(aheadOf(purpose, blockSize) / blockSize) : behind;
  const aheadTo = purpose.is === 'store' ? Math.ceil(purpose.to / blockSize) : behind;
  for (let block = first; block < behind; block++) {
    const isAhead = block >= aheadFrom && block < aheadTo;
    const ok = isAhead
      ? canStore(permits, before, block, m.type)
      : canShow(permits, before, block, m.type) || canShow(permits, after, block, m.type);
    if (!ok && !(m.type === HOLE && block >= freedFrom && block < freedTo)) {
      const was = isAhead ? expected(at(before, block)) : expectedOf(at(before, block), at(after, block));
      return `${name} at ${block * blockSize}; expected ${was}`;
    }
    const sharing = judgeSharing(m, purpose, isShared, isAhead, at(before, block), at(after, block), after);
    if (sharing !== null) return `${name} at ${block * blockSize} ${sharing}`;
  }
  return null;
}

/** A store that goes on in the middle of a block met that block before. */
function aheadOf(purpose: Purpose, blockSize: number): number {
  const start = Math.max(purpose.pos, purpose.from);
  return start > purpose.from ? start : start - (start % blockSize);
}

function expectedOf(before: BlockView, after: BlockView): string {
  const [a, b] = [expected(before), expected(after)];
  return a === b ? a : `${a}, then ${b}`;
}

/** May a writer be given this type for a block that it has not stored to? */
function canStore(permits: Permits, before: FileView, block: number, type: MapType): boolean {
  // New space, reserved or allocated, comes only where none was.
  if ((type === DELALLOC || type === UNWRITTEN) && at(before, block).hole) return true;
  return canShow(permits, before, block, type);
}

function judgeSharing(
  m: KernelMapping,
  purpose: Purpose,
  isShared: boolean,
  isAhead: boolean,
  before: BlockView,
  after: BlockView,
  file: FileView,
): string | null {
  if (purpose.is === 'store' && isAhead && before.mustBeShared && (m.type === MAPPED || m.type === UNWRITTEN))
    return 'would be written in place, and has another owner';
  if (purpose.is !== 'report' || m.type !== MAPPED || (before.waiting && file.hasCopyOnWrite)) return null;
  if (isShared) return before.mayBeShared || after.mayBeShared ? null : 'is SHARED, and has no other owner';
  return before.mustBeShared && after.mustBeShared ? 'is not SHARED, and has another owner' : null;
}

/** What is wrong with a piece of writeback; null if some moment permits it. */
export function judgePiece(
  permits: Permits,
  m: KernelMapping,
  pos: number,
  length: number,
  moments: readonly FileView[],
): string | null {
  const { blockSize } = permits;
  const isShared = (m.flags & MapFlag.SHARED) !== 0;
  if (isShared && !moments.some(view => view.hasCopyOnWrite)) return 'SHARED in a file without copy-on-write space';
  const behind = Math.ceil(Math.min(pos + length, m.offset + m.length) / blockSize);
  for (let block = Math.floor(pos / blockSize); block < behind; block++) {
    if (!moments.some(view => at(view, block).data))
      return `writes the block at ${block * blockSize}; expected ${expected(at(moments.at(-1)!, block))}`;
    if (!isShared && moments.every(view => at(view, block).mustBeShared))
      return `writes the block at ${block * blockSize} in place, and it has another owner`;
  }
  return null;
}

/**
 * Duels: what meets a call at one of its points that chance hardly ever brings there. A list by the calls and points that
 * are met, each with the small programs that may run there; which one does, and where exactly, is drawn.
 *
 * Calls of applications take locks, so they are judged in the order in which they had them (harness/run/judging.ts); one
 * that waits for the very call it disturbs is parked and goes on afterwards.
 */
import {
  type Bytes,
  type Call,
  CallFlag,
  type Geometry,
  LARGEST_FILE,
  makeCall,
  type OperationName,
  operationTable,
  type Point,
  type PointName,
  roundDown,
  roundUp,
  type TaskId,
  Y,
} from '../../model/contract/index.js';
import type { Random } from '../../properties/generate/index.js';
import type { Injected } from '../run/adversary.js';

/** What a duel is drawn from. */
export interface Arena {
  readonly random: Random;
  readonly geometry: Geometry;
  readonly files: number;
  /** Where the interesting part of each file starts. */
  readonly base: Bytes;
  /** The task that the calls of an application are made by. */
  readonly stranger: TaskId;
  /** The size that the model knows of a file. */
  size(file: number): Bytes;
  /** A tag for what is stored. */
  tag(): number;
}

type Program = (call: Call, arena: Arena) => readonly Injected[];

interface Duel {
  readonly calls: readonly OperationName[];
  readonly points: readonly PointName[];
  readonly programs: readonly Program[];
}

/** A range of the block in which the call begins or ends, or of a neighbour: the whole block, or some sectors of it. */
function near(call: Call, { random, geometry }: Arena, whole: boolean): { offset: Bytes; length: Bytes } {
  const { blockSize, sectorSize } = geometry;
  const at = random.oneIn(2) ? call.offset : call.offset + Math.max(0, call.length - 1);
  const block = Math.max(0, roundDown(at, blockSize) + (random.below(3) - 1) * blockSize);
  if (whole || blockSize === sectorSize) return { offset: block, length: blockSize };
  const sectors = blockSize / sectorSize;
  const first = random.below(sectors);
  return { offset: block + first * sectorSize, length: sectorSize * (1 + random.below(sectors - first)) };
}

/** A call by the stranger on some bytes near those of the disturbed one. */
function byStranger(name: OperationName, flags: readonly number[] = [0]): Program {
  return (call, arena) => {
    const { random, stranger } = arena;
    const range = near(call, arena, random.oneIn(2));
    const data = name === 'dwrite' ? arena.tag() : 0;
    return [makeCall(0, name, call.file, { ...range, task: stranger, data, flags: random.pick(flags) })];
  };
}

const trim: Program = call => [makeCall(0, 'trim', call.file)];
/** What was dirty is written, converted and gone from the cache: only the map tells of it now. */
const settle: Program = ({ file }) => [
  makeCall(0, 'writeback', file, { offset: 0, length: LARGEST_FILE }),
  makeCall(0, 'complete', file),
  makeCall(0, 'reclaim', file, { offset: 0, length: LARGEST_FILE }),
];
const close: Program = (call, { stranger }) => [makeCall(0, 'close', call.file, { task: stranger })];

/** What is behind comes into the cache, at once or when its I/O is done. */
function fill(completes: boolean): Program {
  return ({ file, offset, length }, { geometry: { maxFolioSize } }) => {
    const from = roundDown(Math.max(0, offset), maxFolioSize);
    const range = { offset: from, length: Math.min(offset + length + maxFolioSize, LARGEST_FILE) - from };
    const readahead = makeCall(0, 'readahead', file, range);
    return completes ? [readahead, makeCall(0, 'complete', file)] : [readahead];
  };
}

/** A store through a mapping into the page that holds the end of the file, most often behind it as well (PC-65). */
export const storeBehind: Program = ({ file }, { random, geometry: { pageSize }, stranger, size, tag }) => {
  const page = roundDown(Math.max(0, size(file) - 1), pageSize);
  const first = random.below(pageSize);
  const range = { offset: page + first, length: 1 + random.below(pageSize - first) };
  return [makeCall(0, 'mapwrite', file, { ...range, task: stranger, data: tag(), flags: CallFlag.BEYOND })];
};

/** What is being read or written is there, and leaves the cache. */
const vanish: Program = ({ file, offset, length }) => {
  const from = Math.max(0, offset);
  return [makeCall(0, 'complete', file), makeCall(0, 'reclaim', file, { offset: from, length })];
};

/**
 * Another file begins to share blocks of this one, whose bytes stay; then something is stored in them. Not where the call
 * begins: a clone waits for what the pass has collected and not sent.
 */
const cloneThenStore: Program = (call, arena) => {
  const { random, geometry, files, stranger, base } = arena;
  const { blockSize, pageSize } = geometry;
  const end = Math.min(arena.size(call.file), call.offset + call.length);
  const first = roundUp(Math.max(call.offset, base) + 1, blockSize);
  if (files < 2 || first >= end) return [];
  const target = (call.file + 1 + random.below(files - 1)) % files;
  const from = roundDown(first + random.below(Math.min(end - first, 2 ** 31)), blockSize);
  const length = arena.size(call.file) - from;
  const offset = from + random.below(Math.min(length, 2 * pageSize));
  const name = random.oneIn(2) ? 'mapwrite' : 'write';
  const stored = { offset, length: Math.min(1 + random.below(pageSize), from + length - offset) };
  return [
    makeCall(0, 'reflink', target, { offset: from, length, fromFile: call.file, fromOffset: from, task: stranger }),
    makeCall(0, name, call.file, { ...stored, task: stranger, data: arena.tag() }),
  ];
};

/** A page or two in the middle of what a folio may hold. */
const punchInside: Program = ({ file }, { random, geometry, stranger, base, size }) => {
  const pages = Math.max(1, Math.ceil(Math.min(size(file) - base, 2 ** 31) / geometry.pageSize));
  const offset = roundDown(base, geometry.pageSize) + random.below(pages) * geometry.pageSize;
  return [makeCall(0, 'punch', file, { offset, length: geometry.pageSize * (1 + random.below(2)), task: stranger })];
};

const truncateInside: Program = ({ file }, { random, geometry, stranger, size: sizeOf }) => {
  const end = sizeOf(file);
  const size = Math.max(0, end - 1 - random.below(Math.max(1, Math.min(end, geometry.maxFolioSize))));
  return [makeCall(0, 'truncate', file, { size, task: stranger })];
};

/**
 * Blocks of the file move, or are shared with another place, under those who load, store or write back. Not under stores that
 * grow the file first, which are two calls in one (harness/run/alone.ts).
 */
function moves(...names: readonly OperationName[]): Program {
  return ({ file, offset, flags }, { random, geometry: { blockSize }, files, stranger, base, size }) => {
    const blocks = Math.floor(Math.min(size(file) - base, 2 ** 31) / blockSize);
    if (blocks < 1 || (flags & CallFlag.GROW) !== 0) return [];
    const before = roundDown(Math.max(base, offset), blockSize);
    const at = random.oneIn(2) ? before : base + random.below(blocks) * blockSize;
    const range = { offset: at, length: blockSize * (1 + random.below(Math.min(blocks, 4))), task: stranger };
    const other = random.below(files);
    const otherAt = base + random.below(blocks) * blockSize;
    const name = random.pick(names);
    if (name === 'reflink' && random.oneIn(2))
      return [makeCall(0, name, other, { ...range, offset: otherAt, fromFile: file, fromOffset: at })];
    return [makeCall(0, name, file, { ...range, fromFile: other, fromOffset: otherAt })];
  };
}

const DUELS: readonly Duel[] = [
  // Direct requests in flight and at their end: what has to wait for them, and what must not be in their way (DIO-09,
  // DIO-41, DIO-50, DIO-70).
  {
    calls: ['dwrite', 'dread'],
    points: ['Y-DW5', 'Y-DW6', 'Y-DW7', 'Y-DW8', 'Y-DW9', 'Y-DR1', 'Y-DR2', 'Y-DR3'],
    programs: [
      trim,
      close,
      fill(true),
      byStranger('dread', [0, CallFlag.ASYNC]),
      byStranger('dwrite', [0, CallFlag.ASYNC]),
      byStranger('dwrite', [0, CallFlag.ASYNC]),
      byStranger('falloc', [0, CallFlag.KEEP_SIZE]),
      byStranger('punch'),
    ],
  },
  // Blocks begin to be shared between two folios of one pass of writeback (LK-22).
  { calls: ['writeback'], points: ['Y-WB4'], programs: [cloneThenStore] },
  // A folio is split while a sync waits for it or for others.
  {
    calls: ['fsync', 'fdatasync', 'msync', 'syncRange', 'sync'],
    points: ['Y-WB1', 'Y-WB4'],
    programs: [punchInside, punchInside, truncateInside, moves('collapse', 'insert', 'reflink')],
  },
  // Blocks move, or begin to be shared, between the pages of a view, and while one of them is read (PC-60, FS-X13, R-14).
  {
    calls: ['mapwrite', 'mapread'],
    points: ['Y-MK1', 'Y-MK2', 'Y-MK4', 'Y-RD2', 'Y-RD3'],
    programs: [moves('collapse', 'insert'), moves('unshare', 'reflink', 'dedupe')],
  },
  // What a short write looks through for dirty blocks is locked, and leaves the cache before the lock is had (PC-53).
  { calls: ['write'], points: ['Y-BW9', 'Y-BW10'], programs: [fill(false)] },
  { calls: ['write'], points: ['Y-BW11'], programs: [vanish] },
  // A seek that has a mapping of unwritten blocks looks for their data in the cache.
  { calls: ['seekData', 'seekHole'], points: ['Y-SK1'], programs: [settle] },
  // A store behind the end while a write raises it.
  { calls: ['write'], points: ['Y-BW2', 'Y-BW4', 'Y-BW8'], programs: [storeBehind] },
];

const MET = operationTable(name => DUELS.some(({ calls }) => calls.includes(name)));

/** Is there a point at which the call may be met? */
export function mayDuel({ operation }: Call): boolean {
  return MET[operation]!;
}

const BY_POINT = new Map<Point, readonly Duel[]>();
for (const duel of DUELS)
  for (const name of duel.points) BY_POINT.set(Y[name], [...(BY_POINT.get(Y[name]) ?? []), duel]);

/** What may meet this call at this point; null: nothing here does. */
export function duelAt(call: Call, point: Point): ((arena: Arena) => readonly Injected[]) | null {
  const duel = BY_POINT.get(point)?.find(({ calls }) => calls.includes(call.name));
  return duel === undefined ? null : arena => arena.random.pick(duel.programs)(call, arena);
}

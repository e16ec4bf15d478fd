/**
 * How each operation turns a drawn range into its arguments. A decoder answers null when the operation would be without
 * effect on the file as it will be; some are let through all the same (one in sixteen), because refusing is behaviour
 * too.
 */
import {
  type Bytes,
  CallFlag,
  type FileId,
  type Geometry,
  LARGEST_FILE,
  type OperationName,
  roundDown,
  roundUp,
} from '../../model/contract/index.js';

/** What two integers mean, before an operation looks at it. */
export interface Draw {
  readonly geometry: Geometry;
  readonly file: number;
  readonly files: number;
  readonly base: number;
  readonly span: number;
  readonly offset: number;
  readonly length: number;
  /** The size that the file will have, and those of all files. */
  readonly size: number;
  readonly sizes: Float64Array;
  /** Sixteen bits for flags and odd cases. */
  readonly bits: number;
}

/** Arguments of a call; all of one shape, because a campaign makes a call of each. */
export interface Fields {
  offset: Bytes;
  length: Bytes;
  size: Bytes;
  fromFile: FileId;
  fromOffset: Bytes;
  accessible: Bytes;
  flags: number;
}
export type Decoder = (draw: Draw) => Fields | null;
/** The size after a call that succeeds. */
export type Growth = (size: Bytes, fields: Fields) => Bytes;

function range({ file }: Draw, offset: Bytes, length: Bytes, flags = 0, accessible: Bytes = -1): Fields {
  return { offset, length, size: 0, fromFile: file, fromOffset: 0, accessible, flags };
}

function twoOf(draw: Draw, offset: Bytes, length: Bytes, fromFile: FileId, fromOffset: Bytes): Fields {
  const fields = range(draw, offset, length);
  fields.fromFile = fromFile;
  fields.fromOffset = fromOffset;
  return fields;
}

/** One in sixteen: let it through although it will be refused or do nothing. */
function odd(draw: Draw): boolean {
  return (draw.bits & 0xf) === 0xf;
}

/** The range moved into the file: it starts below the end and, with `within`, ends at or below it. */
function inside(draw: Draw, within: boolean): Fields | null {
  const first = Math.min(draw.base, draw.size);
  const room = draw.size - first;
  if (room <= 0) return odd(draw) ? range(draw, draw.offset, draw.length) : null;
  const offset = odd(draw) ? draw.offset : first + ((draw.offset - draw.base) % room);
  const length = within && !odd(draw) ? Math.max(1, Math.min(draw.length, draw.size - offset)) : draw.length;
  return range(draw, offset, length);
}

/**
 * One in four, of a file whose interesting part lies far out: the range begins near the start of the file and ends where it
 * ended. It has 2^32 bytes and more, nearly all of them a hole.
 */
function fromStart(draw: Draw, fields: Fields | null): Fields | null {
  const far = draw.base > 0 && (draw.bits & 0x6000) === 0x6000;
  if (fields === null || !far || fields.offset < draw.base) return fields;
  const offset = fields.offset - draw.base;
  return range(draw, offset, fields.offset + fields.length - offset);
}

/** A range in the page that holds the end of the file, mostly with bytes behind the end (PC-65). */
function aroundEnd(draw: Draw, flags: number): Fields {
  const { size, offset, length } = draw;
  const { pageSize } = draw.geometry;
  const page = roundDown(size - 1, pageSize);
  const start = page + (offset % Math.max(1, size - page + 1));
  const first = Math.min(start, page + pageSize - 1);
  return range(draw, first, 1 + (length % (page + pageSize - first)), flags);
}

/** A range for collapse and insert: whole blocks that end before the end of the file. */
function wholeBlocks(draw: Draw, endsBefore: boolean): Fields | null {
  const { blockSize } = draw.geometry;
  const first = roundDown(Math.min(draw.base, draw.size), blockSize);
  const blocks = Math.floor((draw.size - 1 - first) / blockSize);
  if (blocks < 1) return odd(draw) ? range(draw, draw.offset, draw.length) : null;
  const start = Math.floor((draw.offset - draw.base) / blockSize) % blocks;
  const most = endsBefore ? blocks - start : Math.max(1, Math.floor((draw.base + draw.span - draw.size) / blockSize));
  const count = 1 + ((Math.ceil(draw.length / blockSize) - 1) % most);
  return range(draw, first + start * blockSize, count * blockSize);
}

/** Source and destination of reflink and dedupe: whole blocks, apart from each other if in one file. */
function twoRanges(draw: Draw, aligned: boolean): Fields | null {
  const { blockSize } = draw.geometry;
  const fromFile = (draw.bits >>> 4) % draw.files;
  const fromSize = draw.sizes[fromFile]!;
  const unit = aligned ? blockSize : 1;
  const first = roundDown(Math.min(draw.base, fromSize), unit);
  const units = Math.floor((fromSize - first) / unit);
  if (units < 1) return odd(draw) ? twoOf(draw, draw.offset, draw.length, fromFile, draw.base) : null;
  const fromOffset = first + ((Math.floor((draw.offset - draw.base) / unit) * 7 + (draw.bits >>> 6)) % units) * unit;
  let length = Math.min(Math.ceil(draw.length / unit) * unit, roundDown(fromSize - fromOffset, unit));
  // Now and then to the very end of the source, which need not be aligned.
  if (aligned && (draw.bits & 0x30) === 0x30 && fromOffset + length + blockSize > fromSize)
    length = fromSize - fromOffset;
  const offset = roundDown(draw.offset, unit);
  if (fromFile === draw.file && offset < fromOffset + length && fromOffset < offset + length && !odd(draw)) {
    const behind = roundUp(fromOffset + length, unit);
    if (behind + length > draw.base + draw.span) return null;
    return twoOf(draw, behind, length, fromFile, fromOffset);
  }
  return twoOf(draw, offset, length, fromFile, fromOffset);
}

/** The leading bytes of the user buffer that can be accessed: mostly all, one time in eight fewer. */
function accessible(draw: Draw, length: number): number {
  return (draw.bits & 0xe0) === 0xe0 ? (draw.bits >>> 8) % length : -1;
}

/** Direct I/O pins its buffer before it begins, so a short one mostly matters to PARTIAL (DIO-36). */
function directlyAccessible(draw: Draw, length: number, flags: number): number {
  return (flags & PARTIAL) !== 0 || (draw.bits & 0x10) !== 0 ? accessible(draw, length) : -1;
}

/** Direct I/O: aligned to sectors, one time in sixteen not. */
function direct(draw: Draw, fields: Fields | null): Fields | null {
  if (fields === null) return null;
  if (odd(draw)) return fields;
  const { sectorSize } = draw.geometry;
  const offset = roundDown(fields.offset, sectorSize);
  return range(draw, offset, Math.max(sectorSize, roundDown(fields.length, sectorSize)));
}

/** What RWF_ATOMIC takes: a power of two of whole blocks, aligned to itself. */
function atomic(draw: Draw, fields: Fields): Fields {
  if (odd(draw)) return fields;
  const blocks = Math.max(1, Math.floor(fields.length / draw.geometry.blockSize));
  const length = draw.geometry.blockSize * 2 ** Math.floor(Math.log2(blocks));
  return range(draw, roundDown(fields.offset, length), length);
}

const { NOWAIT, DSYNC, SYNC, ATOMIC, ASYNC, FORCE_WAIT, OVERWRITE_ONLY, PARTIAL } = CallFlag;

/** Flags of a request by five bits of the draw; most have none. */
type FlagList = readonly number[];
const READ_FLAGS: FlagList = [NOWAIT, NOWAIT];
const WRITE_FLAGS: FlagList = [DSYNC, SYNC, NOWAIT, NOWAIT];
const DIRECT_READ_FLAGS: FlagList = [NOWAIT, NOWAIT, ASYNC, ASYNC, FORCE_WAIT | ASYNC, PARTIAL, PARTIAL | ASYNC];
const DIRECT_WRITE_FLAGS: FlagList = [
  DSYNC,
  DSYNC,
  SYNC,
  NOWAIT,
  NOWAIT,
  NOWAIT | ASYNC,
  OVERWRITE_ONLY,
  OVERWRITE_ONLY,
  ATOMIC,
  ATOMIC,
  ATOMIC | DSYNC,
  ATOMIC | NOWAIT,
  ATOMIC | PARTIAL,
  ASYNC,
  ASYNC,
  ASYNC | DSYNC,
  FORCE_WAIT | ASYNC,
  PARTIAL,
];

function flagsFrom(list: FlagList, draw: Draw): number {
  return list[draw.bits >>> 11] ?? 0;
}

function flagged(fields: Fields | null, flags: number): Fields | null {
  if (fields !== null) fields.flags = flags;
  return fields;
}

function request(fields: Fields, flags: number, accessible: Bytes): Fields {
  fields.flags = flags;
  fields.accessible = accessible;
  return fields;
}

/** A position for seeks. */
const position: Decoder = draw => {
  const fields = fromStart(draw, inside(draw, true));
  return fields && range(draw, fields.offset, 0);
};

const none: Decoder = draw => range(draw, 0, 0);
const anywhere: Decoder = draw => range(draw, draw.offset, draw.length);
const background: Decoder = draw =>
  draw.bits & 1 ? range(draw, 0, Math.min(draw.base + draw.span * 2, LARGEST_FILE)) : anywhere(draw);

export const DECODERS: Readonly<Record<OperationName, Decoder>> = {
  read: draw => {
    const fields = inside(draw, false);
    return fields && request(fields, flagsFrom(READ_FLAGS, draw), accessible(draw, fields.length));
  },
  write: draw => range(draw, draw.offset, draw.length, flagsFrom(WRITE_FLAGS, draw), accessible(draw, draw.length)),
  dread: draw => {
    const fields = direct(draw, inside(draw, false));
    const flags = flagsFrom(DIRECT_READ_FLAGS, draw);
    return fields && request(fields, flags, directlyAccessible(draw, fields.length, flags));
  },
  dwrite: draw => {
    const flags = flagsFrom(DIRECT_WRITE_FLAGS, draw);
    const fields = direct(draw, anywhere(draw))!;
    const shaped = (flags & ATOMIC) === 0 ? fields : atomic(draw, fields);
    return request(shaped, flags, directlyAccessible(draw, shaped.length, flags));
  },
  mapread: draw => (draw.size === 0 ? null : inside(draw, true)),
  mapwrite: draw => {
    const grow = (draw.bits & 0x300) === 0x300;
    if (grow) return range(draw, draw.offset, draw.length, CallFlag.GROW);
    const behind = (draw.bits & 0x1c00) === 0x1c00;
    const flags = draw.bits & 0xe000 ? 0 : CallFlag.MSYNC;
    if (draw.size === 0) return null;
    return behind ? aroundEnd(draw, flags | CallFlag.BEYOND) : flagged(inside(draw, true), flags);
  },
  mmap: none,
  munmap: none,
  msync: none,
  truncate: draw => {
    const fields = range(draw, 0, 0);
    fields.size = draw.offset;
    return fields;
  },
  falloc: draw => flagged(anywhere(draw), draw.bits & 0x100 ? CallFlag.KEEP_SIZE : 0),
  punch: draw => fromStart(draw, inside(draw, false)),
  zero: draw => {
    const keep = (draw.bits & 0x100) !== 0;
    const fields = keep ? inside(draw, false) : anywhere(draw);
    return flagged(fields, keep ? CallFlag.KEEP_SIZE : 0);
  },
  collapse: draw => wholeBlocks(draw, true),
  insert: draw => wholeBlocks(draw, false),
  unshare: draw => {
    const fields = inside(draw, true);
    return flagged(fields, draw.bits & 0x100 ? CallFlag.KEEP_SIZE : 0);
  },
  reflink: draw => twoRanges(draw, true),
  dedupe: draw => twoRanges(draw, true),
  copy: draw => twoRanges(draw, false),
  fsync: none,
  fdatasync: none,
  syncRange: draw => inside(draw, false),
  sync: none,
  seekData: position,
  seekHole: position,
  fiemap: draw => {
    const flags = draw.bits & 0x200 ? CallFlag.FLUSH : 0;
    // One in four ends inside the file (FM-02).
    const cut = (draw.bits & 0xc00) === 0xc00;
    const length = cut ? draw.length : Math.min(draw.base + draw.span * 2, LARGEST_FILE);
    return range(draw, draw.bits & 0x100 ? draw.offset : 0, length, flags);
  },
  stat: none,
  open: none,
  close: none,
  dropCaches: draw => range(draw, 0, 0, draw.bits & 0x100 ? CallFlag.FLUSH : 0),
  remount: none,
  remove: none,
  shutdown: none,
  writeback: background,
  complete: none,
  reclaim: background,
  migrate: background,
  readahead: anywhere,
  trim: none,
  revoke: none,
  reuse: draw => range(draw, 0, roundUp(draw.length, draw.geometry.blockSize)),
};

const toItsEnd: Growth = (size, { offset, length }) => Math.max(size, offset + length);
const unlessKept: Growth = (size, fields) =>
  (fields.flags & CallFlag.KEEP_SIZE) === 0 ? toItsEnd(size, fields) : size;

/** For the operations that change the size. */
export const GROWTH: Readonly<Partial<Record<OperationName, Growth>>> = {
  write: toItsEnd,
  dwrite: toItsEnd,
  copy: toItsEnd,
  reflink: toItsEnd,
  falloc: unlessKept,
  zero: unlessKept,
  unshare: unlessKept,
  mapwrite: (size, fields) => ((fields.flags & CallFlag.GROW) === 0 ? size : toItsEnd(size, fields)),
  truncate: (_size, fields) => fields.size,
  collapse: (size, { length }) => size - length,
  insert: (size, { length }) => size + length,
};

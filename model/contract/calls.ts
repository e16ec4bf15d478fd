/**
 * The operations a target can be asked for, with their arguments, and what it answers. One record shape serves all of
 * them (so that the hot loop stays monomorphic); `OPERATIONS` says which fields each operation uses, and everything that
 * prints, parses, generates or documents calls derives from that list. An operation is one call of a task on a file;
 * those with `background` are the work nobody called for (writeback, reclaim …) and are not counted as operations.
 */
import type { Data } from './data.js';
import type { Bytes, CallId, Errno, FileId, TaskId } from './units.js';

/** Bits of `Call.flags`. */
export const CallFlag = {
  /** falloc, zero: do not grow the file (FALLOC_FL_KEEP_SIZE). */
  KEEP_SIZE: 1 << 0,
  /** dread, dwrite, read, write: -EAGAIN instead of blocking (RWF_NOWAIT). */
  NOWAIT: 1 << 1,
  /** write, dwrite: RWF_DSYNC. */
  DSYNC: 1 << 2,
  /** write, dwrite: RWF_SYNC. */
  SYNC: 1 << 3,
  /** dwrite: RWF_ATOMIC. */
  ATOMIC: 1 << 4,
  /** dread, dwrite: asynchronous; the call returns when its completion ran, other tasks go on meanwhile. */
  ASYNC: 1 << 5,
  /** dropCaches: write the file back first. fiemap: FIEMAP_FLAG_SYNC. shutdown: force the log first. */
  FLUSH: 1 << 6,
  /** dread, dwrite: iomap's FORCE_WAIT, OVERWRITE_ONLY and PARTIAL, for targets that take library flags. */
  FORCE_WAIT: 1 << 7,
  OVERWRITE_ONLY: 1 << 8,
  PARTIAL: 1 << 9,
  /** mapwrite: msync(MS_SYNC) after the stores. */
  MSYNC: 1 << 10,
  /** mapwrite: grow the file to offset + length by ftruncate first, as fsx does. */
  GROW: 1 << 11,
  /** mapwrite: stores into the page that holds the end of the file may lie behind it (scribbling); nothing shows them. */
  BEYOND: 1 << 12,
} as const;
export type CallFlagName = keyof typeof CallFlag;

/** The fields of a `Call` an operation may use beside `file`. */
export type CallField = 'offset' | 'length' | 'data' | 'size' | 'from' | 'accessible' | 'errno';

interface OperationShape {
  readonly fields: readonly CallField[];
  readonly flags: readonly CallFlagName[];
  /** True for work that no application called for. */
  readonly background?: true;
  /** True for what is of the whole file system and names no file: the call's is 0. */
  readonly fileless?: true;
  /** True for what an application only looks with: content, sizes and maps stay as they are. */
  readonly looks?: true;
  readonly about: string;
}

/**
 * Every operation. `offset`, `length` in bytes; `size` the new size; `from` the source (file and offset) of an operation
 * with two ranges, `offset` then being the destination; `accessible` the leading bytes of the user buffer that can be
 * accessed, all if absent.
 */
export const OPERATIONS = {
  read: {
    fields: ['offset', 'length', 'accessible'],
    flags: ['NOWAIT'],
    looks: true,
    about: 'pread through the page cache',
  },
  write: {
    fields: ['offset', 'length', 'data', 'accessible'],
    flags: ['NOWAIT', 'DSYNC', 'SYNC'],
    about: 'pwrite through the page cache',
  },
  dread: {
    fields: ['offset', 'length', 'accessible'],
    flags: ['NOWAIT', 'ASYNC', 'FORCE_WAIT', 'PARTIAL'],
    looks: true,
    about: 'pread with O_DIRECT',
  },
  dwrite: {
    fields: ['offset', 'length', 'data', 'accessible'],
    flags: ['NOWAIT', 'DSYNC', 'SYNC', 'ATOMIC', 'ASYNC', 'FORCE_WAIT', 'OVERWRITE_ONLY', 'PARTIAL'],
    about: 'pwrite with O_DIRECT',
  },
  mapread: {
    fields: ['offset', 'length'],
    flags: [],
    looks: true,
    about: 'loads through a shared mapping; may reach to the end of the last page',
  },
  mapwrite: {
    fields: ['offset', 'length', 'data'],
    flags: ['MSYNC', 'GROW', 'BEYOND'],
    about: 'stores through a shared mapping',
  },
  mmap: { fields: [], flags: [], about: 'makes a lasting mapping that later stores use' },
  munmap: { fields: [], flags: [], about: 'drops the lasting mapping' },
  msync: { fields: [], flags: [], about: 'msync(MS_SYNC) of the whole file' },
  truncate: { fields: ['size'], flags: [], about: 'ftruncate' },
  falloc: { fields: ['offset', 'length'], flags: ['KEEP_SIZE'], about: 'fallocate: preallocate' },
  punch: { fields: ['offset', 'length'], flags: [], about: 'fallocate: punch a hole, keeping the size' },
  zero: { fields: ['offset', 'length'], flags: ['KEEP_SIZE'], about: 'fallocate: zero a range' },
  collapse: { fields: ['offset', 'length'], flags: [], about: 'fallocate: remove a range' },
  insert: { fields: ['offset', 'length'], flags: [], about: 'fallocate: insert a hole' },
  unshare: { fields: ['offset', 'length'], flags: ['KEEP_SIZE'], about: 'fallocate: unshare a range' },
  reflink: {
    fields: ['offset', 'length', 'from'],
    flags: [],
    about: 'FICLONERANGE; length 0: to the end of the source',
  },
  dedupe: { fields: ['offset', 'length', 'from'], flags: [], about: 'FIDEDUPERANGE' },
  copy: { fields: ['offset', 'length', 'from'], flags: [], about: 'copy_file_range, until all is copied' },
  fsync: { fields: [], flags: [], about: 'fsync' },
  fdatasync: { fields: [], flags: [], about: 'fdatasync' },
  syncRange: {
    fields: ['offset', 'length'],
    flags: [],
    about: 'sync_file_range: wait, write, wait; no metadata, no flush',
  },
  sync: { fields: [], flags: [], fileless: true, about: 'sync of the whole file system' },
  seekData: { fields: ['offset'], flags: [], looks: true, about: 'lseek SEEK_DATA' },
  seekHole: { fields: ['offset'], flags: [], looks: true, about: 'lseek SEEK_HOLE' },
  fiemap: { fields: ['offset', 'length'], flags: ['FLUSH'], looks: true, about: 'FS_IOC_FIEMAP' },
  stat: { fields: [], flags: [], looks: true, about: 'size and allocated blocks' },
  open: { fields: [], flags: [], about: 'opens one more descriptor, with its own error sequence' },
  close: { fields: [], flags: [], about: 'closes the descriptors of the file' },
  dropCaches: { fields: [], flags: ['FLUSH'], about: 'drops the clean pages of the file' },
  remount: {
    fields: [],
    flags: [],
    fileless: true,
    about: 'clean unmount and mount, or recovery after a shutdown or crash',
  },
  remove: { fields: [], flags: [], about: 'unlink; the next use of the name creates the file again' },
  shutdown: { fields: [], flags: ['FLUSH'], fileless: true, about: 'the file system stops at once' },
  writeback: {
    fields: ['offset', 'length'],
    flags: [],
    background: true,
    about: 'background writeback of dirty folios in a range; completion is not waited for',
  },
  complete: {
    fields: [],
    flags: [],
    fileless: true,
    background: true,
    about: 'all I/O in flight completes and its completion work runs',
  },
  reclaim: { fields: ['offset', 'length'], flags: [], background: true, about: 'drops clean folios in a range' },
  migrate: {
    fields: ['offset', 'length'],
    flags: [],
    background: true,
    about: 'moves folios in a range to other memory',
  },
  readahead: { fields: ['offset', 'length'], flags: [], background: true, about: 'reads folios in a range ahead' },
  trim: { fields: [], flags: [], background: true, about: 'frees post-EOF and copy-on-write preallocation' },
  revoke: {
    fields: [],
    flags: [],
    background: true,
    about: "changes the file's cookies though its map did not change",
  },
  reuse: {
    fields: ['length'],
    flags: [],
    background: true,
    about: 'another file allocates free blocks, writes them, and frees them again',
  },
} as const satisfies Readonly<Record<string, OperationShape>>;

export type OperationName = keyof typeof OPERATIONS;
export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];

/** What an operation uses, by name. */
export function operationShape(name: OperationName): OperationShape {
  return OPERATIONS[name];
}

const numbers = Object.fromEntries(OPERATION_NAMES.map((name, number) => [name, number])) as Readonly<
  Record<OperationName, number>
>;

/** What is asked about the operation of every call, as a table by `Call.operation`. */
export function operationTable<T>(of: (name: OperationName) => T): readonly T[] {
  return OPERATION_NAMES.map(of);
}

const BACKGROUND = operationTable(name => operationShape(name).background === true);

/** Work that no application called for. */
export function isBackground(call: Pick<Call, 'operation'>): boolean {
  return BACKGROUND[call.operation]!;
}

/** The operations of an application that only look. */
export const LOOKING: ReadonlySet<OperationName> = new Set(OPERATION_NAMES.filter(name => operationShape(name).looks));

/** One call. Fields that the operation does not use are 0 (`accessible`: −1). Never changed once made. */
export interface Call {
  readonly id: CallId;
  readonly task: TaskId;
  readonly name: OperationName;
  /** The place of the name in `OPERATION_NAMES`: a number finds what is known of an operation faster than its name. */
  readonly operation: number;
  readonly file: FileId;
  /** First byte; the destination's where there are two ranges. May be negative or beyond any file in hostile calls. */
  readonly offset: Bytes;
  /** Bytes; 0 … LARGEST_FILE. */
  readonly length: Bytes;
  /** New size of `truncate`. */
  readonly size: Bytes;
  /** What is written; 0 for none. */
  readonly data: Data;
  /** The source of reflink, dedupe and copy. */
  readonly fromFile: FileId;
  readonly fromOffset: Bytes;
  /** Leading bytes of the user buffer that can be accessed; −1: all of them. */
  readonly accessible: Bytes;
  /** Bits of `CallFlag`. */
  readonly flags: number;
}

const USED = operationTable(name => {
  const { fields, fileless } = operationShape(name);
  const has = (field: CallField): boolean => fields.includes(field);
  return {
    file: fileless !== true,
    offset: has('offset'),
    length: has('length'),
    size: has('size'),
    from: has('from'),
  };
});

/**
 * A call with the fields that its operation has; the others, and the file of an operation without one, get their neutral
 * value. All calls are made here: one shape.
 */
export function makeCall(
  id: CallId,
  name: OperationName,
  of: FileId,
  fields: Partial<Call> = {},
  task: TaskId = fields.task ?? (BACKGROUND[numbers[name]] === true ? 0 : 1),
  data: Data = fields.data ?? 0,
  flags: number = fields.flags ?? 0,
): Call {
  const operation = numbers[name];
  const used = USED[operation]!;
  const file = used.file ? of : 0;
  return {
    id,
    task,
    name,
    operation,
    file,
    offset: used.offset ? (fields.offset ?? 0) : 0,
    length: used.length ? (fields.length ?? 0) : 0,
    size: used.size ? (fields.size ?? 0) : 0,
    data,
    fromFile: used.from ? (fields.fromFile ?? file) : file,
    fromOffset: used.from ? (fields.fromOffset ?? 0) : 0,
    accessible: fields.accessible ?? -1,
    flags,
  };
}

/** One piece of a FIEMAP answer, as the application gets it (FM-04). */
export interface ReportedExtent {
  readonly logical: Bytes;
  /** Device address, 0 when there is none. */
  readonly physical: Bytes;
  readonly length: Bytes;
  readonly unwritten: boolean;
  readonly delalloc: boolean;
  readonly shared: boolean;
  readonly inline: boolean;
  readonly last: boolean;
}

/**
 * What a call answered. Mutable and reused: a target fills the record it is given and lends it until the task's next
 * call; whoever keeps an answer copies it.
 */
export class Answer {
  /** 0 or a negative errno. */
  error: Errno = 0;
  /** Bytes transferred; the position a seek found; bytes deduped. 0 where the operation has none. */
  count: Bytes = 0;
  /** Reads: the bytes, valid in [0, count). Its memory is the target's. */
  bytes: Uint8Array = new Uint8Array(0);
  /** stat: the size and the allocated 512-byte blocks. */
  size: Bytes = 0;
  blocks512 = 0;
  /** fiemap: the pieces in order. */
  extents: readonly ReportedExtent[] = [];
  /** dedupe: true when the ranges differ, and nothing was done. */
  differs = false;

  /** Back to "success, nothing transferred"; `bytes` keeps its memory. */
  clear(): void {
    this.error = 0;
    this.count = 0;
    this.size = 0;
    this.blocks512 = 0;
    this.extents = [];
    this.differs = false;
  }
}

/**
 * What a target tells while it works. Checks hear events and need nothing else of how a target works; each event names
 * the file and up to three numbers, whose meaning stands in the list. Mapping iterations are told with their whole
 * record, because the contract of begin and end is about it. A sink that nobody listens to costs one call.
 */
import type { Iomap } from './mapping.js';
import type { OpFlags } from './op-flags.js';
import type { Bytes, Errno, FileId, TaskId } from './units.js';

const list = [
  // Reservations and blocks. a, b in file blocks, c a device block.
  ['reserve', 'delayed blocks reserved in the data fork: a first, b count'],
  ['reserve-cow', 'delayed blocks reserved in the copy-on-write fork: a first, b count'],
  ['punch', 'end gives reservations back: a offset, b length in bytes, c 1 for the copy-on-write fork'],
  ['punch-scope', 'end starts giving back what was not used: a offset, b end in bytes (MAP-44)'],
  ['allocate', 'blocks allocated: a first device block, b count'],
  ['free', 'blocks freed: a first device block, b count'],
  ['convert', 'unwritten became written: a first, b count, c first device block'],
  ['remap', 'copy-on-write blocks became the data fork: a first, b count, c first device block'],
  [
    'extent',
    'blocks of the data fork got another state: a first, b count, c 0 hole, 1 delayed, 2 unwritten, 3 written',
  ],
  // Sizes, in bytes.
  ['isize', 'in-core size changed: a from, b to'],
  ['dsize', 'on-disk size changed: a from, b to'],
  // Page cache. a offset, b length in bytes.
  ['folio-add', 'a folio enters the cache'],
  ['folio-remove', 'a folio leaves the cache: c 1 if it was dirty'],
  ['uptodate', 'a range was filled from the device or with zeroes and became uptodate: c 1 for zeroes'],
  ['dirty', 'a range became dirty: c 1 by a write fault'],
  [
    'clean',
    'a dirty range was cleaned: c 0 by writeback, 1 truncated or punched, 2 discarded after an error, 3 behind the end',
  ],
  ['validated', 'a mapping was checked under the folio lock: c 1 if it was stale (MAP-52)'],
  ['zeroed', 'a range was zeroed through the cache'],
  ['size-extended', 'the old EOF block was zeroed and write-protected: a from, b to (PC-65)'],
  // Writeback and completion. a offset, b length in bytes, c device address.
  ['writeback-folio', 'writeback took a folio: c 1 when it lies behind the end'],
  ['writeback-hole', 'a dirty range was answered HOLE'],
  ['ioend-begin', 'a pending ioend begins: the range that joins next is its first'],
  ['ioend-add', 'a range joined the pending ioend'],
  ['ioend-submit', 'an ioend was submitted'],
  ['ioend-merge', 'a completed ioend was merged into the one before it'],
  ['ioend-done', 'completion work of an ioend finished: c its status'],
  ['writeback-end', 'the writeback bit of a folio was cleared'],
  ['writeback-error', 'an error was recorded in wb_err: a the errno'],
  ['sync-error', 'a sync call reported an error: a the errno'],
  // Direct I/O. a offset, b length in bytes, c a request number.
  ['dio-begin', 'a direct request took its count'],
  ['dio-submit', 'a bio of the request was submitted'],
  ['dio-queued', 'all of the request is submitted, some of it is in flight, and its caller does not wait (DIO-40)'],
  ['dio-end-io', 'end_io ran'],
  ['dio-invalidate', 'the cache was dropped after the write: a offset, b length, c 0, or an errno'],
  ['dio-done', 'the request gave its count back'],
  ['dio-fallback', 'the rest of the request goes through the page cache'],
  // Locks: a the lock class 0 … 11 (L0 …), b 0 shared, 1 exclusive, c the task; 2 is added to b when the
  // task only tried and would have gone on without it: then the order of locks does not concern it.
  ['lock', 'acquired'],
  ['unlock', 'released by the task, or handed over to the completion of I/O'],
  // Device and journal. The device tells of every write, just after it joined `inFlight` (so it is the last one there) and
  // just before it calls `done`. `file` is −1 for log and metadata writes.
  ['bio-write', 'a write was submitted to the device: a device address, b length, c file offset or -1'],
  ['bio-done', 'a write completed: a device address, b length, c its status'],
  ['flush-begin', 'a cache flush was submitted: a its number'],
  ['flush', 'a cache flush completed: a its number'],
  ['commit', 'a transaction committed: a its number'],
  ['log-force', 'the log is durable up to a'],
  ['stale', 'an iteration found its mapping stale: a position'],
  ['short-copy', 'a copy from the user buffer was short: a offset, b wanted, c copied'],
  ['fault-injected', 'an injected failure happened: a index in the list of choices'],
  ['wait', 'a call under NOWAIT was put to wait, of which the scheduler tells: a its task, b the yield point'],
] as const;

export type EventName = (typeof list)[number][0];
/** An event kind: its index in `EVENT_NAMES`. */
export type EventKind = number & { readonly unit?: 'event kind' };
export const EVENT_NAMES: readonly EventName[] = list.map(([name]) => name);
/** What each event means, by index. */
export const EVENT_MEANINGS: readonly string[] = list.map(([, meaning]) => meaning);
/** The event kinds by name: `Ev['dio-begin']`. */
export const Ev: { readonly [Name in EventName]: EventKind } = Object.fromEntries(
  EVENT_NAMES.map((name, index) => [name, index]),
) as { readonly [Name in EventName]: EventKind };

/** The steps of a mapping iteration (mapping.md section 4). */
export const IterStep = {
  /** begin is about to be called at `pos` for `length` bytes; the records are zeroed. */
  beginning: 0,
  /** begin returned 0: the records are the mapping. */
  begun: 1,
  /** begin failed with `error`. */
  beginFailed: 2,
  /** The body starts to work on the mapping. */
  body: 3,
  /** end is about to be called (or would be, if the file system has none) with `written`. */
  ending: 4,
  /** end returned `error`. */
  ended: 5,
  /** The iteration is over; `error` is what it returns, 0 or an errno. */
  finished: 6,
} as const;
export type IterStep = (typeof IterStep)[keyof typeof IterStep];

/** What a monitor may see of one mapping iteration. Lent for the duration of the call. */
export interface IterationRecord {
  /** Unique among the iterations of a target. */
  readonly serial: number;
  readonly task: TaskId;
  readonly file: FileId;
  readonly flags: OpFlags;
  /** Position and remaining bytes now. */
  readonly pos: Bytes;
  readonly length: Bytes;
  /** Position at the last begin, the length begin was asked for, and the effective length of its mapping (section 2). */
  readonly start: Bytes;
  readonly asked: Bytes;
  readonly effective: Bytes;
  /** Progress since the last begin, as end gets it (MAP-41). */
  readonly written: Bytes;
  /** What the body reported, 0 or an errno. */
  readonly status: Errno;
  /** The errno of the step just taken. */
  readonly error: Errno;
  readonly iomap: Iomap;
  readonly srcmap: Iomap;
}

export interface Sink {
  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void;
  iteration(step: IterStep, record: IterationRecord): void;
}

/** The sink that hears nothing. */
export const silence: Sink = { emit() {}, iteration() {} };

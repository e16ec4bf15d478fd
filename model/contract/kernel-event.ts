/**
 * What one line of a kernel's trace buffer says, parsed. The readers of tracepoint text make these records, the rules
 * about what a kernel did read them; neither knows the other. Types only.
 *
 * Positions, lengths and addresses are bytes. Integers beyond 2^53 are ±Infinity, two's-complement negatives are
 * negative, so "no address" (2^64−1) is `NULL_ADDR` and XFS's "hole" and "delayed" block numbers are −2 and −1. Flags are
 * the contract's own bits (`MapFlag`, `OpFlag`), never the kernel's positions; what has no name there is in `unknown`.
 */
import type { MapType } from './mapping.js';

/** What every line has. */
interface Line {
  /** Line number in the text, from 1. */
  readonly line: number;
  /** The line as it stood. */
  readonly text: string;
  /** Thread id and name of the task that ran, also in an interrupt. */
  readonly task: number;
  readonly comm: string;
  readonly cpu: number;
  /** Seconds. */
  readonly time: number;
  /** Name of the event without its subsystem. */
  readonly name: string;
  /** `major:minor` of the file system; empty where the event names none. */
  readonly dev: string;
  /** Inode number; −1 where the event names none. */
  readonly ino: number;
}

/** A mapping as an event prints it. */
export interface KernelMapping {
  readonly bdev: string;
  readonly addr: number;
  readonly offset: number;
  readonly length: number;
  readonly type: MapType;
  /** Bits of `MapFlag`. */
  readonly flags: number;
  /** Bits of the kernel's own numbering that have no name in the contract. */
  readonly unknown: number;
  /** False where the printed names of type or flags and the printed numbers differ. */
  readonly named: boolean;
}

/** `iomap_iter`: the iteration step is entered. */
export interface IterEvent extends Line {
  readonly kind: 'iter';
  readonly pos: number;
  /** What the mapping in hand still covers; the whole rest on a first call behind 0. */
  readonly length: number;
  readonly status: number;
  /** Bits of `OpFlag`. */
  readonly flags: number;
  readonly unknown: number;
  readonly named: boolean;
  /** Name of the operations table, or an address. */
  readonly ops: string;
  /** The library function that iterates, without offset. */
  readonly caller: string;
}

/** `iomap_iter_dstmap`, `iomap_iter_srcmap`: a mapping was given. */
export interface MappingEvent extends Line, KernelMapping {
  readonly kind: 'dstmap' | 'srcmap';
}

/** `iomap_add_to_ioend`: writeback maps a dirty piece. */
export interface PieceEvent extends Line, KernelMapping {
  readonly kind: 'piece';
  readonly pos: number;
  readonly dirtyLength: number;
}

/** Events of a range of a file of known size: writeback of a folio, zeroing of a piece, a folio given up or cut. */
export interface RangeEvent extends Line {
  readonly kind: 'writebackFolio' | 'zeroPiece' | 'releaseFolio' | 'invalidateFolio' | 'invalidateFail';
  readonly size: number;
  readonly offset: number;
  readonly length: number;
}

/** `iomap_readahead`, `iomap_readpage`. */
export interface ReadEvent extends Line {
  readonly kind: 'read';
  readonly pages: number;
}

/** `iomap_dio_rw_begin`. */
export interface DirectBeginEvent extends Line {
  readonly kind: 'dioBegin';
  readonly size: number;
  readonly offset: number;
  readonly length: number;
  readonly doneBefore: number;
  /** Names of the request's flags, as printed. */
  readonly requestFlags: string;
  readonly dioFlags: string;
  readonly aio: boolean;
}

/** `iomap_dio_rw_queued`: submission ended, the request goes on by itself. */
export interface DirectQueuedEvent extends Line {
  readonly kind: 'dioQueued';
  readonly size: number;
  readonly offset: number;
  /** What was not submitted. */
  readonly length: number;
}

/** `iomap_dio_complete`. */
export interface DirectCompleteEvent extends Line {
  readonly kind: 'dioComplete';
  readonly size: number;
  /** The position after the request. */
  readonly offset: number;
  readonly requestFlags: string;
  readonly aio: boolean;
  readonly error: number;
  readonly ret: number;
}

/** `mm_filemap_add_to_page_cache`, `mm_filemap_delete_from_page_cache`. */
export interface CacheEvent extends Line {
  readonly kind: 'cacheAdd' | 'cacheDelete';
  /** Page frame of the folio; -1 if it is not printed. */
  readonly pfn: number;
  readonly offset: number;
  readonly order: number;
}

/** XFS found or made an extent, for an operation or for writeback. Extents in file system blocks. */
export interface XfsExtentEvent extends Line {
  readonly kind: 'xfsExtent';
  readonly disize: number;
  readonly pos: number;
  readonly count: number;
  readonly fork: string;
  readonly startOffset: number;
  readonly startBlock: number;
  readonly blocks: number;
}

/** XFS found a mapping stale: under a writer, or in writeback of a fork. */
export interface XfsInvalidEvent extends Line {
  readonly kind: 'xfsInvalid';
  readonly offset: number;
  readonly addr: number;
  readonly length: number;
  readonly type: number;
  /** Bits of `MapFlag`. */
  readonly flags: number;
  readonly cookie: number;
  readonly sequence: number;
}

/** Calls into XFS and what its completions do. `isize` and `disize` are −1 where the event does not print them. */
export interface XfsFileEvent extends Line {
  readonly kind: 'xfsFile';
  readonly isize: number;
  readonly disize: number;
  readonly pos: number;
  readonly count: number;
}

/** XFS events about a run of blocks of one fork, by file block. */
export interface XfsBlocksEvent extends Line {
  readonly kind: 'xfsBlocks';
  readonly fileBlock: number;
  readonly blocks: number;
  readonly startBlock: number;
  /** XFS's extent state: 0 written, 1 unwritten. */
  readonly state: number;
}

/** XFS cuts extents behind a size. */
export interface XfsTruncateEvent extends Line {
  readonly kind: 'xfsTruncate';
  readonly disize: number;
  readonly newSize: number;
}

/** ext4 mapped blocks, or converted unwritten ones. */
export interface Ext4BlocksEvent extends Line {
  readonly kind: 'ext4Blocks';
  readonly fileBlock: number;
  readonly block: number;
  readonly blocks: number;
  /** Names of ext4's request flags, as printed. */
  readonly requestFlags: string;
}

/** A line written to `trace_marker`. */
export interface MarkerEvent extends Line {
  readonly kind: 'marker';
  readonly marker: string;
}

/** A known event of a file system whose fields nothing reads, or one that no reader knows. */
export interface OtherEvent extends Line {
  readonly kind: 'other' | 'unknown';
}

/** Any parsed line. */
export type KernelEvent =
  | IterEvent
  | MappingEvent
  | PieceEvent
  | RangeEvent
  | ReadEvent
  | DirectBeginEvent
  | DirectQueuedEvent
  | DirectCompleteEvent
  | CacheEvent
  | XfsExtentEvent
  | XfsInvalidEvent
  | XfsFileEvent
  | XfsBlocksEvent
  | XfsTruncateEvent
  | Ext4BlocksEvent
  | MarkerEvent
  | OtherEvent;
export type KernelEventKind = KernelEvent['kind'];
type Holding<E, K> = E extends { readonly kind: infer F } ? (K extends F ? E : never) : never;
/** The record of a kind. */
export type KernelEventOf<K extends KernelEventKind> = Holding<KernelEvent, K>;

/** What a recording says about itself beside its events. */
export type KernelNote =
  /** The ring buffer of a CPU was overwritten before the next line; −1 when it is not known how much was lost. */
  | { readonly kind: 'lost'; readonly line: number; readonly cpu: number; readonly count: number }
  /** A line that is neither event nor comment, or an event cut short. */
  | { readonly kind: 'unreadable'; readonly line: number; readonly text: string }
  /** Events of the header were written but not kept: the recording begins in the middle. */
  | { readonly kind: 'overwritten'; readonly line: number; readonly count: number }
  /** The text is a snapshot of the whole buffer, so its lines are in order of time over all CPUs. */
  | { readonly kind: 'snapshot'; readonly line: number }
  /** The compressed data ends early. */
  | { readonly kind: 'truncated'; readonly line: number };

/**
 * The asynchronous block device. Submission only queues; a completion is an event that the scheduler picks; a crash is a
 * cut through the history. Realizes crash.md section 1 as an interface.
 */
import type { Bytes, Errno, FileId } from './units.js';

export type BioKind = 'read' | 'write' | 'flush';
/** What a write carries, so that a report and a trace can name it: data of a file range, or metadata. */
export type BioCargo = 'data' | 'log' | 'metadata';

/** One request to the device. Made by whoever submits it; `done` is called exactly once, from `complete`. */
export interface Bio {
  readonly kind: BioKind;
  /** Device byte address and length, multiples of the sector size; 0 for a flush. */
  readonly addr: Bytes;
  readonly length: Bytes;
  /** Memory the data comes from or goes to, starting at `at`. A write's bytes are taken when it completes or is cut. */
  readonly memory: Uint8Array;
  readonly at: number;
  /** Write through the volatile cache (CR-02 a). */
  readonly fua: boolean;
  /** All-or-nothing over its length (CR-01). */
  readonly atomic: boolean;
  readonly cargo: BioCargo;
  /** File and file offset of the data it carries; −1 for metadata. */
  readonly file: FileId;
  readonly offset: Bytes;
  done(status: Errno): void;
}

/** A write that a crash at some cut may lose or keep, sector by sector. */
export interface VolatileWrite {
  /** Index of its submission in the history. */
  readonly event: number;
  readonly addr: Bytes;
  readonly length: Bytes;
  readonly cargo: BioCargo;
  readonly file: FileId;
  readonly offset: Bytes;
  readonly atomic: boolean;
  /** What it carries: as memory stood at submission while it was in flight at the cut, else as the device took it. */
  readonly bytes: Uint8Array;
}

/**
 * Which volatile writes reached the medium: asked for each sector of each write of `volatileAt`, in their order, once for
 * all sectors of an atomic one. Where several survive in one sector the one submitted last is seen.
 */
export interface Survivors {
  survives(write: VolatileWrite, sector: number): boolean;
}

/**
 * Append-only: submissions with the bytes they carry, completions and flushes. What came before it is taken from the device
 * when a cut is first asked for, so whoever wants to ask after the target's memory is used again asks once before.
 */
export interface DeviceHistory {
  readonly length: number;
  /**
   * The writes that a crash after the first `cut` events may lose or keep, in order of submission (CR-03). Asking for cuts
   * in ascending order is cheap. What is returned is valid until another cut is asked for.
   */
  volatileAt(cut: number): readonly VolatileWrite[];
  /** False where a write of `volatileAt` cannot be what the sector holds: something later is durable there. */
  candidate?(cut: number, write: VolatileWrite, sector: number): boolean;
  /** The medium after a crash at `cut` with these survivors. */
  image(cut: number, survive: Survivors): Uint8Array;
  /** As `image`, lent until the next call: always the same memory, of which only what differs is written. */
  lendImage?(cut: number, survive: Survivors): Uint8Array;
  /** The image of which nothing volatile survives, lent until another cut is asked for. */
  lendDurable?(cut: number): Uint8Array;
}

export interface BlockDevice {
  /** Queues; never completes inside. */
  submit(bio: Bio): void;
  /** In order of submission. */
  readonly inFlight: readonly Bio[];
  /** Completes a bio of `inFlight` with a status: 0, or a negative errno. */
  complete(bio: Bio, status: Errno): void;
  /** The bytes as the device shows them now (cache included). For checks; never written through. */
  readonly contents: Uint8Array;
  /** Null when nothing is recorded: the fast path records nothing. */
  readonly history: DeviceHistory | null;
}

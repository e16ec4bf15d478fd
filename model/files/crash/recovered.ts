/**
 * What a recovery left, as the model wants to be shown it: sizes and written extents of the files, and for every sector of
 * the medium the contents it may have (CR-03). Holes, unwritten extents and whatever else is not listed read as zero.
 */
import type { Bytes, FileId } from '../../contract/index.js';

export interface RecoveredExtent {
  /** Block aligned, in order. */
  readonly offset: Bytes;
  readonly length: Bytes;
  /** Device address; 0 where nobody asks for it. */
  readonly address: Bytes;
  readonly written: boolean;
}

export interface RecoveredFile {
  readonly file: FileId;
  readonly size: Bytes;
  readonly extents: readonly RecoveredExtent[];
  /** Only the written extents are known: what reads as zero may be unwritten, and there may be some behind the end. */
  readonly partly?: true;
}

/** Contents that a sector may have: `bytes` from `at` on. */
export interface Candidate {
  readonly bytes: Uint8Array;
  readonly at: number;
}

export interface Medium {
  readonly sectorSize: Bytes;
  /** At least one. */
  candidates(address: Bytes): readonly Candidate[];
}

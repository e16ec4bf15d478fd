/**
 * The operation flags that begin and end receive (IOMAP_WRITE …), by name; mapping.md section 1.3. The bits are our own
 * numbering. None set: a read, for which nothing may change.
 */

export const OpFlag = {
  /** The caller stores data: what is returned has blocks or a reservation. */
  WRITE: 1 << 0,
  /** The caller stores zeroes: holes may be returned, and are skipped. */
  ZERO: 1 << 1,
  /** The layout is reported (FIEMAP, SEEK_DATA, SEEK_HOLE). */
  REPORT: 1 << 2,
  /** Called from a page fault, with the folio locked. */
  FAULT: 1 << 3,
  /** Direct I/O. */
  DIRECT: 1 << 4,
  /** Must not block: -EAGAIN instead. */
  NOWAIT: 1 << 5,
  /** Neither allocation nor zeroing within a block: -EAGAIN where it would take one. */
  OVERWRITE_ONLY: 1 << 6,
  /** Sharing is to be broken. */
  UNSHARE: 1 << 7,
  /** Storage that is accessed like memory. */
  DAX: 1 << 8,
  /** Protection against torn writes is wanted. */
  ATOMIC: 1 << 9,
  /** Buffered I/O that does not stay in the cache. */
  DONTCACHE: 1 << 10,
  /** REPORT on behalf of SEEK_DATA or SEEK_HOLE: XFS gives seek its own operations table (SEEK-06), here it is a flag. */
  SEEK: 1 << 11,
} as const;
export type OpFlagName = keyof typeof OpFlag;
/** A set of `OpFlag` bits. */
export type OpFlags = number;

/** The names of the flags set in `flags`, in bit order. */
export function opFlagNames(flags: OpFlags): OpFlagName[] {
  return (Object.keys(OpFlag) as OpFlagName[]).filter(name => (flags & OpFlag[name]) !== 0);
}

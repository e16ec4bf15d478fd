/** The operation flags that begin and end receive (IOMAP_WRITE …), by name; mapping.md section 1.3. */

export const OpFlag = {
  WRITE: 1 << 0,
  ZERO: 1 << 1,
  REPORT: 1 << 2,
  FAULT: 1 << 3,
  DIRECT: 1 << 4,
  NOWAIT: 1 << 5,
  OVERWRITE_ONLY: 1 << 6,
  UNSHARE: 1 << 7,
  DAX: 1 << 8,
  ATOMIC: 1 << 9,
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

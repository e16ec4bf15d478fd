/**
 * The units of every number that crosses a room. A flavour is a number that remembers its unit: arithmetic gives a plain
 * number, a plain number is accepted anywhere, but a block number where a byte offset is wanted is a compile error.
 *
 * Byte offsets are safe integers: the largest file is 2^53 − 2^21 bytes (INV-59). Never use bit operators on them; round
 * with the functions below, which work up to that size.
 */

type Flavour<Unit extends string> = number & { readonly unit?: Unit };

/** A byte offset, address or length; 0 … 2^53 − 1. */
export type Bytes = Flavour<'bytes'>;
/** A file-system block number inside a file, in units of the block size. */
export type FileBlock = Flavour<'file block'>;
/** A file-system block number on the device, in units of the block size. −1: none. */
export type DeviceBlock = Flavour<'device block'>;
/** A file, 0 … 255, in the order of the trace header. */
export type FileId = Flavour<'file'>;
/** A call, unique within a sequence. In traces it is the operation's name. */
export type CallId = Flavour<'call'>;
/** A task, 0 … 31. Task 0 is the background: writeback, reclaim, completion. */
export type TaskId = Flavour<'task'>;
/** 0, or a negative errno of `errno.ts`. */
export type Errno = Flavour<'errno'>;

/** The largest size a file can have, in bytes (the kernel's MAX_LFS_FILESIZE, cut to what a safe integer can address). */
export const LARGEST_FILE: Bytes = 2 ** 53 - 2 ** 21;

/** "No address" in memory; `"none"` in JSON, 2^64 − 1 in C and in the kernel's text (IOMAP_NULL_ADDR). */
export const NULL_ADDR: Bytes = -1;

/**
 * The largest multiple of `unit` that is not above `x`. Not by `%`, which takes three times as long where numbers are not
 * small integers; the quotient of two safe integers rounds to no whole number that it does not reach.
 */
export function roundDown(x: number, unit: number): number {
  return Math.trunc(x / unit) * unit;
}

/** The smallest multiple of `unit` that is not below `x`. */
export function roundUp(x: number, unit: number): number {
  const down = Math.trunc(x / unit) * unit;
  return down === x ? x : down + unit;
}

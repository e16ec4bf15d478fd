/** Comparing memory, for the few checks that look at bytes without the reference model. */
import type { Bytes } from '../../../model/contract/index.js';

/** Ranges at least this long are compared with zeroes by memcmp instead of a loop. */
const LONG = 128;
const zeroes = Buffer.alloc(65_536);

/** The first index in [at, at + length) whose byte is not zero, or −1. */
export function firstNonZero(memory: Uint8Array, at: number, length: Bytes): number {
  if (length >= LONG && length <= zeroes.length && zeroes.compare(memory, at, at + length, 0, length) === 0) return -1;
  for (let i = at; i < at + length; i++) if (memory[i] !== 0) return i;
  return -1;
}

/** The first k in [0, length) with a[at + k] ≠ b[bt + k], or −1. */
export function firstDifference(a: Uint8Array, at: number, b: Uint8Array, bt: number, length: Bytes): number {
  for (let k = 0; k < length; k++) if (a[at + k] !== b[bt + k]) return k;
  return -1;
}

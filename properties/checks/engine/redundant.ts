/** Dirty bytes that would not be lost if their D bit were dropped: what the map alone yields is the same (INV-12). */
import type { Bytes } from '../../../model/contract/index.js';
import { firstDifference, firstNonZero } from './compare.js';

/**
 * The first k in [0, length) for which memory[at + k] is not what the block's map alone would yield, or −1: what the device
 * holds of a shared block, zeroes otherwise. Of a target without a device a shared block is taken for redundant.
 */
export function firstLost(
  memory: Uint8Array,
  at: number,
  length: Bytes,
  shared: boolean,
  device: { readonly contents: Uint8Array } | null,
  addr: Bytes,
): number {
  if (shared) return device === null ? -1 : firstDifference(memory, at, device.contents, addr, length);
  const found = firstNonZero(memory, at, length);
  return found < 0 ? -1 : found - at;
}

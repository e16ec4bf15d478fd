/**
 * XFS block numbers. A number is allocation group and block within it, joined at a power of two that is at least the size
 * of a group; an address is group × size + block. Neither is printed, so what is possible is narrowed by every pair of
 * number and address seen: each candidate for the power keeps the gap it implies between the two numberings.
 */

/** XFS's "no block": a hole. */
export function isHole(block: number): boolean {
  return block === -2;
}

const MASK = 2 ** 52;
const RESERVED = 2 ** 17;

/** XFS's "no block yet": delayed allocation, with its worst-case reservation in the low bits, or no number at all. */
export function isDelayed(block: number): boolean {
  return block === -1 || (block >= MASK - RESERVED && block < MASK);
}

/** A group is at least 16 MiB and at most 1 TiB. */
const SMALLEST_GROUP = 2 ** 24;
const LARGEST_GROUP = 2 ** 40;

interface Candidate {
  /** Blocks numbered per group, a power of two. */
  readonly stride: number;
  /** Numbers without a block at the end of each group; −1 while unknown. */
  readonly gap: number;
}

export class BlockLayout {
  private readonly block: number;
  private candidates: readonly Candidate[];

  constructor(blockSize: number) {
    this.block = blockSize;
    const candidates: Candidate[] = [];
    for (let stride = SMALLEST_GROUP / blockSize; stride <= LARGEST_GROUP / blockSize; stride *= 2) {
      candidates.push({ stride, gap: -1 });
    }
    this.candidates = candidates;
  }

  /** True if `number` can lie at byte address `addr`, given all pairs that agreed before. */
  agrees(number: number, addr: number): boolean {
    const shift = number - addr / this.block;
    const left: Candidate[] = [];
    for (const candidate of this.candidates) {
      const { stride, gap } = candidate;
      const group = Math.floor(number / stride);
      if (group === 0) {
        if (shift === 0) left.push(candidate);
        continue;
      }
      const implied = shift / group;
      if (!Number.isInteger(implied) || implied < 0 || implied >= stride / 2 || (gap >= 0 && gap !== implied)) continue;
      if (number % stride < stride - implied) left.push({ stride, gap: implied });
    }
    if (left.length === 0) return false;
    this.candidates = left;
    return true;
  }
}

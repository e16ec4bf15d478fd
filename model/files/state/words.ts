/**
 * Memory as words of four bytes, for comparing few bytes: a loop over words takes a quarter of the steps of one over bytes,
 * and a call of memcmp costs as much as a hundred of those. Making a view costs more than it saves, so those of the
 * memories compared last are kept: a run compares the same few (the cache, the device, the answers of its tasks) all the time.
 */
const KEPT = 8;
/** Larger memories are not held on to; what is compared there is mostly long. */
const LARGEST = 2 ** 20;

const NO_WORDS = new Uint32Array(0);
const memories: (Uint8Array | null)[] = Array.from({ length: KEPT }, () => null);
const views: Uint32Array[] = Array.from({ length: KEPT }, () => NO_WORDS);
let oldest = 0;

/** The words of a memory; empty if it has none that could be had cheaply. */
export function wordsOf(memory: Uint8Array): Uint32Array {
  for (let i = 0; i < KEPT; i++) if (memories[i] === memory) return views[i]!;
  const { buffer, byteOffset, length } = memory;
  if (byteOffset % 4 !== 0 || length > LARGEST) return NO_WORDS;
  const words = new Uint32Array(buffer, byteOffset, length >>> 2);
  memories[oldest] = memory;
  views[oldest] = words;
  oldest = (oldest + 1) % KEPT;
  return words;
}

/** How many of the first `n` bytes from `a[i]` and from `b[j]` on are equal, in whole words; 0 where words cannot tell. */
export function equalWords(a: Uint32Array, i: number, b: Uint32Array, j: number, n: number): number {
  if (((i | j) & 3) !== 0 || b.length === 0) return 0;
  const from = i >>> 2;
  const to = j >>> 2;
  const count = n >>> 2;
  let k = 0;
  while (k < count && a[from + k] === b[to + k]) k++;
  return 4 * k;
}

/** How many of the first `n` bytes from `a[i]` on are zero, in whole words; 0 where words cannot tell. */
export function zeroWords(a: Uint32Array, i: number, n: number): number {
  if ((i & 3) !== 0) return 0;
  const from = i >>> 2;
  const count = n >>> 2;
  let k = 0;
  while (k < count && a[from + k] === 0) k++;
  return 4 * k;
}

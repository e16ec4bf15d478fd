/** Bit vectors of the per-block state of a folio (pagecache.md section 1), a word at a time. Ranges are [from, to). */

export function wordsFor(bits: number): number {
  return (bits + 31) >>> 5;
}

export function testBit(words: Uint32Array, bit: number): boolean {
  return ((words[bit >>> 5]! >>> (bit & 31)) & 1) === 1;
}

/** The bits of [from, to) that lie in word `w`. */
function maskOf(w: number, from: number, to: number): number {
  const low = Math.max(from - (w << 5), 0);
  const high = Math.min(to - (w << 5), 32);
  return ((high === 32 ? -1 : (1 << high) - 1) & ~((1 << low) - 1)) >>> 0;
}

export function setBits(words: Uint32Array, from: number, to: number): void {
  if (from >= to) return;
  const last = (to - 1) >>> 5;
  for (let w = from >>> 5; w <= last; w++) words[w] = words[w]! | maskOf(w, from, to);
}

export function clearBits(words: Uint32Array, from: number, to: number): void {
  if (from >= to) return;
  const last = (to - 1) >>> 5;
  for (let w = from >>> 5; w <= last; w++) words[w] = words[w]! & ~maskOf(w, from, to);
}

/** The first set bit in [from, to), or `to`. */
export function nextSet(words: Uint32Array, from: number, to: number): number {
  return next(words, from, to, 0);
}

/** The first clear bit in [from, to), or `to`. */
export function nextClear(words: Uint32Array, from: number, to: number): number {
  return next(words, from, to, -1);
}

function next(words: Uint32Array, from: number, to: number, flip: number): number {
  if (from >= to) return to;
  const last = (to - 1) >>> 5;
  for (let w = from >>> 5; w <= last; w++) {
    const found = (words[w]! ^ flip) & maskOf(w, from, to);
    if (found !== 0) return (w << 5) + 31 - Math.clz32(found & -found);
  }
  return to;
}

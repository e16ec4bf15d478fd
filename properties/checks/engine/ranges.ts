/** A small set of byte ranges, kept disjoint and in order. For the few places of a file that a check has to remember. */
export class Ranges {
  count = 0;
  #from = new Float64Array(8);
  #to = new Float64Array(8);

  from(index: number): number {
    return this.#from[index]!;
  }

  to(index: number): number {
    return this.#to[index]!;
  }

  clear(): void {
    this.count = 0;
  }

  /** Adds [from, to); joins what overlaps or touches. */
  add(from: number, to: number): void {
    if (from >= to) return;
    let first = 0;
    while (first < this.count && this.#to[first]! < from) first++;
    let last = first;
    let low = from;
    let high = to;
    while (last < this.count && this.#from[last]! <= to) {
      low = Math.min(low, this.#from[last]!);
      high = Math.max(high, this.#to[last]!);
      last++;
    }
    this.#splice(first, last - first, 1);
    this.#from[first] = low;
    this.#to[first] = high;
  }

  /** Takes [from, to) out. */
  remove(from: number, to: number): void {
    if (from >= to) return;
    for (let i = 0; i < this.count; i++) {
      const low = this.#from[i]!;
      const high = this.#to[i]!;
      if (high <= from || low >= to) continue;
      if (low < from && high > to) {
        this.#splice(i, 0, 1);
        this.#from[i] = low;
        this.#to[i] = from;
        this.#from[i + 1] = to;
        return;
      }
      if (low < from) this.#to[i] = from;
      else if (high > to) this.#from[i] = to;
      else this.#splice(i--, 1, 0);
    }
  }

  /** True if some byte of [from, to) is in the set. */
  overlaps(from: number, to: number): boolean {
    if (from >= to) return false;
    for (let i = 0; i < this.count; i++) if (this.#from[i]! < to && this.#to[i]! > from) return true;
    return false;
  }

  /** True if all of [from, to) is in the set. */
  covers(from: number, to: number): boolean {
    for (let i = 0; i < this.count; i++) if (this.#from[i]! <= from && this.#to[i]! >= to) return true;
    return from >= to;
  }

  #splice(at: number, remove: number, insert: number): void {
    const grown = this.count + insert - remove;
    if (grown > this.#from.length) {
      const from = new Float64Array(2 * grown);
      const to = new Float64Array(2 * grown);
      from.set(this.#from);
      to.set(this.#to);
      this.#from = from;
      this.#to = to;
    }
    // Few ranges: a loop costs less than `copyWithin`.
    const from = this.#from;
    const to = this.#to;
    const shift = insert - remove;
    if (shift < 0)
      for (let i = at + remove; i < this.count; i++) {
        from[i + shift] = from[i]!;
        to[i + shift] = to[i]!;
      }
    else if (shift > 0)
      for (let i = this.count - 1; i >= at + remove; i--) {
        from[i + shift] = from[i]!;
        to[i + shift] = to[i]!;
      }
    this.count = grown;
  }
}

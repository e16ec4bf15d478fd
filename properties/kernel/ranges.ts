/**
 * A map from byte ranges to values, for what a rule knows about parts of a file or a device. Ranges are disjoint and
 * sorted; setting one cuts or replaces what it overlaps. Neighbours are not merged: a value may depend on where its range
 * began. Bounded: past `LIMIT` ranges all is forgotten, which makes a rule silent, never wrong.
 */

/** One range `[start, end)`. */
export interface Range<T> {
  readonly start: number;
  readonly end: number;
  readonly value: T;
}

const LIMIT = 1 << 15;

export class RangeMap<T> {
  private ranges: Range<T>[] = [];

  get size(): number {
    return this.ranges.length;
  }

  /** Index of the first range that ends behind `at`. */
  private lower(at: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ranges[middle]!.end <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The ranges that overlap `[start, end)`, whole, in order. */
  overlapping(start: number, end: number): readonly Range<T>[] {
    const from = this.lower(start);
    let to = from;
    while (to < this.ranges.length && this.ranges[to]!.start < end) to++;
    return this.ranges.slice(from, to);
  }

  /** The range that holds `at`. */
  at(at: number): Range<T> | undefined {
    const range = this.ranges[this.lower(at)];
    return range !== undefined && range.start <= at ? range : undefined;
  }

  /** The last range that begins before `at`. */
  before(at: number): Range<T> | undefined {
    const index = this.lower(at);
    const range = this.ranges[index];
    return range !== undefined && range.start < at ? range : this.ranges[index - 1];
  }

  /** The first range that ends behind `at`. */
  behind(at: number): Range<T> | undefined {
    return this.ranges[this.lower(at)];
  }

  /** True if `[start, end)` is covered without a gap by ranges that satisfy `wanted`. */
  covers(start: number, end: number, wanted: (value: T) => boolean = () => true): boolean {
    let at = start;
    for (const range of this.overlapping(start, end)) {
      if (range.start > at || !wanted(range.value)) return false;
      at = range.end;
    }
    return at >= end;
  }

  /** Forgets `[start, end)`; ranges that reach over its ends keep the rest. */
  delete(start: number, end: number): void {
    this.replace(start, end, null);
  }

  /** Sets `[start, end)`. */
  set(start: number, end: number, value: T): void {
    if (!(start < end)) return;
    if (this.ranges.length >= LIMIT) this.ranges = [];
    this.replace(start, end, { start, end, value });
  }

  clear(): void {
    this.ranges = [];
  }

  private replace(start: number, end: number, middle: Range<T> | null): void {
    const from = this.lower(start);
    let to = from;
    while (to < this.ranges.length && this.ranges[to]!.start < end) to++;
    const put: Range<T>[] = [];
    const first = this.ranges[from];
    if (to > from && first !== undefined && first.start < start) put.push({ ...first, end: start });
    if (middle !== null) put.push(middle);
    const last = this.ranges[to - 1];
    if (to > from && last !== undefined && last.end > end) put.push({ ...last, start: end });
    if (to === from && put.length === 0) return;
    this.ranges.splice(from, to - from, ...put);
  }
}

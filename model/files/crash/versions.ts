/**
 * Which versions of a block's bytes a crash may bring back. For one block and one prefix of the transactions the answer is a
 * list of ranges, each with the bytes of one moment, or zero because the block may have had no written storage then
 * (CR-31, CR-40 … CR-45). A byte is permitted if one of the ranges around it has its value.
 *
 * Where a collapse or insert is durable in part, or not at all while its blocks were stored to afterwards, any byte the
 * file ever held at the same place of some block is permitted (CR-34): what was stored where in between is not tracked.
 */
import { type Bytes, DEVICE_POISON, MEMORY_POISON } from '../../contract/index.js';
import { Block, MAP_STATES } from '../state/blocks.js';
import type { EverHeld } from './ever-held.js';
import { chunkAt, type Moment } from './moment.js';
import { type FileWindow, isPlainStore, orderOf, sequenceLimit, type Window } from './window.js';

/** One version of the bytes [lo, hi) of a block. */
interface Version {
  /** Index of the last moment that had it, or −1 for "no written storage". */
  moment: number;
  readonly kind: 'bytes' | 'zero' | 'anything' | 'somewhere';
  /** The moment's bytes, the block starting at `at`; null: zero. */
  readonly bytes: Buffer | null;
  readonly at: number;
  readonly lo: number;
  readonly hi: number;
}

/** From this length on it pays to compare with whole versions first. */
const LONG = 256;
const zero = Buffer.alloc(65_536);

/** The bytes [lo, lo+n) are all of this version. */
function isWhole(version: Version, lo: number, n: number, bytes: Uint8Array, index: number): boolean {
  if (version.lo > lo || version.hi < lo + n) return false;
  const from = version.bytes === null ? 0 : version.at + lo;
  if (version.kind === 'bytes') return (version.bytes ?? zero).compare(bytes, index, index + n, from, from + n) === 0;
  return version.kind === 'zero' && zero.compare(bytes, index, index + n, 0, n) === 0;
}

export class BlockVersions {
  private readonly list: Version[] = [];
  private readonly window: Window;
  private readonly file: FileWindow;
  private readonly held: EverHeld;
  private readonly start: Bytes;
  private readonly size: Bytes;

  constructor(window: Window, file: FileWindow, held: EverHeld, start: Bytes, prefix: number) {
    this.held = held;
    this.window = window;
    this.file = file;
    this.start = start;
    this.size = window.timeline.state.block;
    this.collect(prefix);
  }

  /**
   * May the block's bytes [lo, lo+n) be these? Bytes from `fresh` on (an offset in the block) must be of the moment `since`
   * or later, and were written. −1, or the first byte of the block that may not.
   */
  wrong(lo: number, n: number, bytes: Uint8Array, index: number, fresh = this.size, since = 0): number {
    if (n >= LONG && lo + n <= fresh && this.list.some(version => isWhole(version, lo, n, bytes, index))) return -1;
    for (let i = 0; i < n; i++) if (!this.may(lo + i, bytes[index + i]!, lo + i >= fresh ? since : -1)) return lo + i;
    return -1;
  }

  /** Every version of the byte was written for certain. */
  get certain(): boolean {
    return this.list.every(version => version.kind === 'bytes');
  }

  private may(place: number, value: number, since: number): boolean {
    for (const version of this.list) {
      if (place < version.lo || place >= version.hi || version.moment < since) continue;
      if (version.kind === 'bytes') {
        if ((version.bytes === null ? 0 : version.bytes[version.at + place]!) === value) return true;
      } else if (version.kind === 'zero') {
        if (value === 0) return true;
      } else if (version.kind === 'anything') {
        if (value !== DEVICE_POISON && value !== MEMORY_POISON) return true;
      } else if (value === 0 || this.held.has(place, value)) return true;
    }
    return false;
  }

  private collect(prefix: number): void {
    const { window, file, start } = this;
    const { moments } = file.line;
    const limit = sequenceLimit(window, prefix);
    let inPlace = true;
    this.add(moments, file.base, true);
    for (let i = file.base + 1; i <= file.last; i++) {
      const moment = moments[i]!;
      const replaced = start >= moment.replacedFrom && start < moment.replacedTo;
      const order = moment.durability === 'meta' ? orderOf(window.timeline, file.line.file, i) : -1;
      if (moment.durability === 'store') {
        // Of calls that overlap the order is not known.
        if (moment.sequence < limit || moment.unclear) this.add(moments, i, true);
        // Later than every transaction that can be durable: seen only if it was written in place.
        else if (inPlace && this.stateOf(moments[i - 1]!, start).data) this.add(moments, i, false);
      } else if (order < prefix) {
        if (replaced && !moment.unclear) this.list.length = 0;
        if (moment.cutAt >= 0) this.drop(moment.cutAt - start, this.size);
        this.add(moments, i, true);
      } else {
        this.undone(moments, i, order === prefix, inPlace);
        if (replaced) inPlace = false;
        else if (order === prefix && !this.stateOf(moment, start).data) inPlace = false;
      }
      for (const range of file.ranges)
        if (range.upTo - 1 === i) {
          this.drop(range.from - start, range.to - start);
          this.add(moments, i, false, range.from - start, range.to - start);
        }
    }
  }

  /** A change of which at most a part is durable: its blocks perhaps, and the zeroes it stored in place. */
  private undone(moments: readonly Moment[], i: number, inPart: boolean, inPlace: boolean): void {
    const moment = moments[i]!;
    const replaced = this.start >= moment.replacedFrom && this.start < moment.replacedTo;
    if (moment.shifts && replaced && i < this.file.last) {
      this.push(i, 'somewhere', null, 0, 0, this.size);
      return;
    }
    // A truncate changes the size first: while blocks are gone behind the new end, nothing shows them.
    const atOnce = moment.name === 'truncate' || moment.name === 'remove';
    if (inPart && !(atOnce && replaced)) {
      this.add(moments, i, true);
      if (replaced) this.push(-1, 'zero', null, 0, 0, this.size);
    } else if (inPlace && !replaced) this.add(moments, i, false);
  }

  /** The bytes of moment i; with `storage`, also zero where the block may have had no written storage. */
  private add(moments: readonly Moment[], i: number, storage: boolean, from = 0, to = this.size): void {
    const lo = Math.max(0, from);
    const hi = Math.min(this.size, to);
    if (lo >= hi) return;
    const moment = moments[i]!;
    const state = this.stateOf(moment, this.start);
    if (state.unknown) this.push(i, 'anything', null, 0, lo, hi);
    const chunk = chunkAt(moment.chunks, this.start);
    const at = chunk === null ? 0 : this.start - chunk.start;
    const bytes = chunk?.bytes ?? null;
    const previous = this.list.at(-1);
    if (previous !== undefined && previous.lo === lo && previous.hi === hi && this.equal(previous, bytes, at))
      previous.moment = i;
    else this.push(i, 'bytes', bytes, at, lo, hi);
    if (storage && !state.certain && !this.list.some(v => v.kind === 'zero' && v.lo <= lo && v.hi >= hi))
      this.push(-1, 'zero', null, 0, lo, hi);
  }

  private equal({ kind, bytes: before, at: place }: Version, bytes: Buffer | null, at: number): boolean {
    if (kind !== 'bytes') return false;
    if (bytes === null || before === null) return bytes === before;
    return before === bytes ? place === at : before.compare(bytes, at, at + this.size, place, place + this.size) === 0;
  }

  private push(moment: number, kind: Version['kind'], bytes: Buffer | null, at: number, lo: number, hi: number): void {
    this.list.push({ moment, kind, bytes, at, lo, hi });
  }

  /** Versions so far are impossible in [from, to). */
  private drop(from: number, to: number): void {
    const lo = Math.max(0, from);
    const hi = Math.min(this.size, to);
    if (lo >= hi) return;
    for (const version of this.list.splice(0)) {
      if (version.lo < lo) this.list.push({ ...version, hi: Math.min(version.hi, lo) });
      if (version.hi > hi) this.list.push({ ...version, lo: Math.max(version.lo, hi) });
    }
  }

  private stateOf(moment: Moment, offset: Bytes): { data: boolean; certain: boolean; unknown: boolean } {
    const chunk = chunkAt(moment.chunks, offset);
    const s = chunk === null ? Block.HOLE : chunk.state[Math.floor((offset - chunk.start) / this.size)]!;
    return {
      data: (s & Block.DATA) !== 0,
      certain: (s & MAP_STATES) === Block.DATA,
      unknown: (s & Block.LOST) !== 0,
    };
  }
}

/** The moment whose store first made the file as large as `size`, if that growth tells that its data was written: else −1. */
export function grownBy(window: Window, file: FileWindow, prefix: number, size: Bytes): number {
  const { moments } = file.line;
  const limit = sequenceLimit(window, prefix);
  let found = -1;
  for (let i = file.base + 1; i <= file.last; i++) {
    const moment = moments[i]!;
    if (moment.durability === 'meta') {
      if (moment.setsSize && orderOf(window.timeline, file.line.file, i) <= prefix) found = -1;
    } else if (moment.sequence < limit && found < 0 && moment.size >= size && moments[i - 1]!.size < size) {
      if (!isPlainStore(moment)) return -1;
      found = i;
    }
    if (moment.unclear) return -1;
  }
  return found;
}

/**
 * One mapping iteration as tracepoint text shows it. `iomap_iter` is printed at every entry of the iteration step, so one
 * event means "end of the mapping in hand, if any" and "begin, if there is more". The states are those of the chart
 * `mapping-iteration`; the arithmetic of `IterEvent.length` (what is left of the mapping, and of the operation) makes the
 * remaining length known from the first call behind position 0 on, or from the first mapping that is not used up.
 */

import { REFUSED } from '../../model/charts/compile.js';
import { mappingIterationTable as chart } from '../../model/charts/mapping-iteration.js';
import type { IterEvent, KernelEvent, MappingEvent } from '../../model/contract/kernel-event.js';
import { MapType } from '../../model/contract/mapping.js';
import { OpFlag } from '../../model/contract/op-flags.js';

/** How many of its latest events an iteration keeps for quoting. */
const QUOTED = 6;

export class Iteration {
  readonly first: IterEvent;
  /** Where the mapping in hand was, or is being, begun. */
  pos: number;
  /** What was left at `pos`; NaN while the text has not told. */
  remaining: number;
  mapping: MappingEvent | null = null;
  source: MappingEvent | null = null;
  /** The event that showed the mapping in hand to be outdated. */
  invalid: KernelEvent | null = null;
  /** A ZERO iteration may flush and ask again once without any sign in the text (MAP-61, INV-06). */
  flushed = false;
  /** Begin was called for sure: it was the first step, or something is known to be left. */
  asks = true;
  /** How far zeroing through the cache has come. */
  zeroed: number;
  state: number = chart.state.asking;
  readonly recent: KernelEvent[];

  constructor(first: IterEvent) {
    this.first = first;
    this.pos = first.pos;
    this.zeroed = first.pos;
    this.remaining = first.pos > 0 && first.length > 0 && Number.isFinite(first.length) ? first.length : Number.NaN;
    this.recent = [first];
  }

  /** A mapping was given and not ended. */
  get holds(): boolean {
    return this.mapping !== null;
  }

  /** First byte behind what the mapping in hand, and its source, can serve. */
  get end(): number {
    const { mapping, source } = this;
    if (mapping === null) return this.pos;
    const end = mapping.offset + mapping.length;
    return source === null ? end : Math.min(end, source.offset + source.length);
  }

  /** Where existing bytes come from: the source, or the mapping itself. */
  get from(): MappingEvent | null {
    return this.source ?? this.mapping;
  }

  /** Takes a step of the chart; false if the chart has none. */
  step(event: number): boolean {
    const next = chart.next[this.state * chart.events.length + event]!;
    if (next === REFUSED) return false;
    this.state = next;
    return true;
  }

  keep(event: KernelEvent): void {
    if (this.recent.length === QUOTED) this.recent.splice(1, 1);
    this.recent.push(event);
  }

  /** True if `event` could be the next step of this iteration: the same function on the same file. */
  matches(event: IterEvent): boolean {
    const { first } = this;
    return first.ino === event.ino && first.dev === event.dev && first.caller === event.caller;
  }

  /**
   * True if a fault taken by the body could start `event`'s iteration inside this one: bodies that touch user memory
   * (buffered write, direct I/O pinning pages, fiemap filling an array), and faults only.
   */
  mayHold(event: IterEvent): boolean {
    const outer = this.first.caller;
    if (outer !== 'iomap_file_buffered_write' && outer !== '__iomap_dio_rw' && outer !== 'iomap_fiemap') return false;
    return (
      event.caller === 'iomap_readahead' || event.caller === 'iomap_read_folio' || event.caller === 'iomap_page_mkwrite'
    );
  }

  /** True if a repeated begin without progress needs no invalid event: see `flushed`. */
  get mayFlush(): boolean {
    const type = this.from?.type;
    return (
      !this.flushed && (this.first.flags & OpFlag.ZERO) !== 0 && (type === MapType.HOLE || type === MapType.UNWRITTEN)
    );
  }
}

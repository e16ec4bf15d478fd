/**
 * One direct request as tracepoint text shows it, in the states of the chart `direct-request`.
 */

import { REFUSED } from '../../model/charts/compile.js';
import { directRequestTable as chart } from '../../model/charts/direct-request.js';
import type { DirectBeginEvent, KernelEvent, MappingEvent, XfsFileEvent } from '../../model/contract/kernel-event.js';
import { MapFlag, MapType } from '../../model/contract/mapping.js';

export class DirectRequest {
  readonly begin: DirectBeginEvent;
  state: number = chart.state.begun;
  /** Its iteration asked for a mapping at least once: from here on a completion is owed. */
  iterated = false;
  /** Its result is out. An asynchronous one may get there before its submitter has gone on. */
  completed = false;
  /** The cache over it could not be dropped: it goes on as buffered I/O. */
  refused = false;
  write = false;
  /** Position the iteration has reached. */
  reached: number;
  mappings = 0;
  /** Events of completion, by what they do. */
  endIo: XfsFileEvent | null = null;
  converted: KernelEvent | null = null;
  remapped: KernelEvent | null = null;
  /** The first mapping of each kind that makes completion do something. */
  unwritten: MappingEvent | null = null;
  shared: MappingEvent | null = null;
  delayed: MappingEvent | null = null;
  lastMapping: MappingEvent | null = null;

  constructor(begin: DirectBeginEvent) {
    this.begin = begin;
    this.reached = begin.offset;
  }

  step(event: number): boolean {
    const next = chart.next[this.state * chart.events.length + event]!;
    if (next === REFUSED) return false;
    this.state = next;
    return true;
  }

  /** A mapping was given to the request. */
  map(mapping: MappingEvent): void {
    this.mappings++;
    this.lastMapping = mapping;
    this.step(chart.event.mapped);
    if (mapping.type === MapType.UNWRITTEN) this.unwritten ??= mapping;
    if (mapping.type === MapType.DELALLOC) this.delayed ??= mapping;
    if ((mapping.flags & MapFlag.SHARED) !== 0) this.shared ??= mapping;
  }

  get progress(): number {
    return this.reached - this.begin.offset;
  }
}

/** Stepping a chart by its table, with its coverage counted. */
import { type ChartTable, REFUSED } from '../../../model/charts/compile.js';
import type { ChartCoverage } from './definition.js';

export class ChartStepper {
  readonly coverage: ChartCoverage;
  readonly #chart: ChartTable;
  // What a step needs, at hand: charts are stepped at nearly every event.
  readonly #next: Uint8Array;
  readonly #transition: Uint16Array;
  readonly #events: number;
  readonly #taken: Float64Array;

  constructor(chart: ChartTable) {
    this.#chart = chart;
    this.#next = chart.next;
    this.#transition = chart.transition;
    this.#events = chart.events.length;
    this.coverage = {
      chart: chart.id,
      transitions: chart.transitions,
      taken: new Float64Array(chart.transitions.length),
    };
    this.#taken = this.coverage.taken;
  }

  /** The state after an event, or `REFUSED` if the chart has no such arrow. */
  step(state: number, event: number): number {
    const key = state * this.#events + event;
    const after = this.#next[key]!;
    if (after !== REFUSED) this.#taken[this.#transition[key]!]!++;
    return after;
  }

  /** `"end" while stale`, for a message about a refused event. */
  describe(state: number, event: number): string {
    return `"${this.#chart.events[event]}" while ${this.#chart.states[state]}`;
  }
}

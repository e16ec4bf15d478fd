/** Stepping a chart by its table, with its coverage counted. */
import { type ChartTable, REFUSED } from '../../../model/charts/compile.js';
import type { ChartCoverage } from './definition.js';

export class ChartStepper {
  readonly coverage: ChartCoverage;
  readonly #chart: ChartTable;

  constructor(chart: ChartTable) {
    this.#chart = chart;
    this.coverage = {
      chart: chart.id,
      transitions: chart.transitions,
      taken: new Float64Array(chart.transitions.length),
    };
  }

  /** The state after an event, or `REFUSED` if the chart has no such arrow. */
  step(state: number, event: number): number {
    const { next, transition, events } = this.#chart;
    const key = state * events.length + event;
    const after = next[key]!;
    if (after !== REFUSED) this.coverage.taken[transition[key]!]!++;
    return after;
  }

  /** `"end" while stale`, for a message about a refused event. */
  describe(state: number, event: number): string {
    return `"${this.#chart.events[event]}" while ${this.#chart.states[state]}`;
  }
}

/**
 * A piece of work in progress: a call of a program, an injected action, or completion work, with the task it runs as, the
 * generator it has become and how often it has passed each yield point. Activities are pooled, because a campaign starts
 * a hundred thousand a second.
 */
import {
  Answer,
  type Call,
  CHOICES,
  POINT_NAMES,
  type Steps,
  type Task,
  type Waitable,
} from '../../model/contract/index.js';

/** The names of the choices in a fixed order, so that counters can be arrays. */
export const CHOICE_LABELS = Object.keys(CHOICES) as readonly (keyof typeof CHOICES)[];

export class Activity implements Task {
  id = 0;
  waitsFor: Waitable | null = null;
  observed = false;
  /** Null for completion work. */
  call: Call | null = null;
  steps: Steps<unknown> | null = null;
  readonly answer = new Answer();
  /** How often each point was yielded, each choice asked, and how many bios completed, during an observed call. */
  readonly passed = new Uint32Array(POINT_NAMES.length);
  readonly asked = new Uint32Array(CHOICE_LABELS.length);
  completed = 0;
  /** Yields since the start, for the step limit. */
  yields = 0;

  reset(id: number, call: Call | null, observed: boolean): void {
    this.id = id;
    this.waitsFor = null;
    this.observed = observed;
    this.call = call;
    this.steps = null;
    this.completed = 0;
    this.yields = 0;
    if (observed) {
      this.passed.fill(0);
      this.asked.fill(0);
    }
  }

  /** True if it could go on now. */
  get ready(): boolean {
    return this.waitsFor === null || this.waitsFor.ready(this);
  }
}

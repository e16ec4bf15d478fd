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
  type Point,
  type Steps,
  type Task,
  type Waitable,
} from '../../model/contract/index.js';
import { BEGINNING } from './adversary.js';

/** The names of the choices in a fixed order, so that counters can be arrays. */
export const CHOICE_LABELS = Object.keys(CHOICES) as readonly (keyof typeof CHOICES)[];

/** Decides at the points of an activity whether it goes on at once. */
export interface Guide {
  /** True if the activity, which stands at `place`, is who goes on. */
  passes(activity: Activity): boolean;
}

export class Activity implements Task {
  id = 0;
  waitsFor: Waitable | null = null;
  observed = false;
  /** The adversary wants to be asked about this call. */
  watched = false;
  /** Null for completion work. */
  call: Call | null = null;
  /** Null: it stops at every point. */
  guide: Guide | null = null;
  /** It came to the point that it yields next before it yielded it. */
  private arrived = false;
  /** Null until its first step. */
  steps: Steps<unknown> | null = null;
  readonly answer = new Answer();
  /** Where it stands: the point it yielded at last, and which time that was; and if the adversary was asked there. */
  place: Point = BEGINNING;
  nth = 1;
  visited = false;
  /** How often each point was yielded, each choice asked, and how many bios completed, during an observed call. */
  readonly passed = new Uint32Array(POINT_NAMES.length);
  readonly asked = new Uint32Array(CHOICE_LABELS.length);
  completed = 0;
  /** Yields since the start, for the step limit. */
  yields = 0;

  reset(id: number, call: Call | null, observed: boolean, watched: boolean): void {
    this.id = id;
    this.waitsFor = null;
    this.observed = observed;
    this.watched = watched;
    this.call = call;
    this.guide = null;
    this.arrived = false;
    this.steps = null;
    this.place = BEGINNING;
    this.nth = 1;
    this.visited = false;
    this.completed = 0;
    this.yields = 0;
    if (observed) {
      // A loop over so few costs less than `fill`.
      const { passed, asked } = this;
      for (let i = 0; i < passed.length; i++) passed[i] = 0;
      for (let i = 0; i < asked.length; i++) asked[i] = 0;
    }
  }

  stopsAt(point: Point): boolean {
    if (!this.observed) return false;
    this.arrive(point);
    this.arrived = this.guide === null || !this.guide.passes(this);
    return this.arrived;
  }

  /** It yielded this point, of which it may have asked before whether it was to stop there. */
  yielded(point: Point): void {
    if (!this.arrived) this.arrive(point);
    this.arrived = false;
  }

  private arrive(point: Point): void {
    this.place = point;
    this.nth = this.passed[point] = this.passed[point]! + 1;
    this.visited = false;
  }

  /** True if it could go on now. */
  get ready(): boolean {
    return this.waitsFor === null || this.waitsFor.ready(this);
  }
}

/**
 * The search for a serial order of whole calls that respects real time: a call that answered before another began comes
 * before it. Every answer has to be what its call may answer at its place (Wing and Gong 1993). Where there is no such
 * order, the calls that are not needed for that are left out, one after the other: what is left is a smallest set, of which
 * every part could be ordered. A call that is left out may have done what it does at any time.
 */
import type { Bytes } from '../../model/contract/index.js';
import { followed } from './followed.js';
import type { Event } from './history.js';
import { isBound, SERIAL_RULES, unbind } from './rules.js';
import { SerialState } from './state.js';

/** States of a search that are looked at; past this many the calls count as ordered. */
const MOST = 50_000;
/** All sets of so many calls are tried; larger ones are only as small as leaving out one call after the other makes them. */
const FEW = 3;

export interface History {
  /** The size before the first of them; −1: not known. */
  readonly size: Bytes;
  /** No byte changes but by a call. */
  readonly steady: boolean;
  readonly events: readonly Event[];
}

/** True if some order explains what the calls answered. `bound`: those that have to be explained. */
export function canBeOrdered(history: History, bound: readonly Event[]): boolean {
  const state = initial(history, bound);
  const seen = new Set<string>();
  const done = new Uint8Array(bound.length);
  let looked = 0;
  const search = (now: SerialState, left: number): boolean => {
    if (left === 0) return true;
    const key = `${done.join('')}:${now.key()}`;
    if (seen.has(key)) return false;
    seen.add(key);
    if (++looked > MOST) return true;
    for (let i = 0; i < bound.length; i++) {
      if (done[i] === 1 || !mayBeNext(bound, done, bound[i]!)) continue;
      const next = now.copy();
      if (!SERIAL_RULES.get(bound[i]!.call.name)!(next, bound[i]!)) continue;
      done[i] = 1;
      if (search(next, left - 1)) return true;
      done[i] = 0;
    }
    return false;
  };
  return search(state, bound.length);
}

/** The calls that a serial order has to explain. */
export function boundCalls({ events }: History): readonly Event[] {
  return events.filter(event => isBound(event, events));
}

/** A smallest set of calls that cannot be ordered; null if all can. */
export function smallestUnordered(history: History): readonly Event[] | null {
  let left = boundCalls(history);
  if (canBeOrdered(history, left)) return null;
  for (let count = 1; count <= FEW && count < left.length; count++)
    for (const set of setsOf(left, count)) if (!canBeOrdered(history, set)) return set;
  for (const event of left) {
    const without = left.filter(other => other !== event);
    if (!canBeOrdered(history, without)) left = without;
  }
  return left;
}

/** All sets of `count` calls, in their order. */
function* setsOf(events: readonly Event[], count: number): Generator<readonly Event[]> {
  if (count === 0) yield [];
  else
    for (let i = 0; i + count <= events.length; i++)
      for (const rest of setsOf(events.slice(i + 1), count - 1)) yield [events[i]!, ...rest];
}

function mayBeNext(bound: readonly Event[], done: Uint8Array, event: Event): boolean {
  for (let i = 0; i < bound.length; i++) if (done[i] === 0 && bound[i]!.end < event.start) return false;
  return true;
}

/** Nothing is known of the bytes, and those who are not bound may change theirs at any time. */
function initial({ size, steady, events }: History, bound: readonly Event[]): SerialState {
  const state = new SerialState(size, steady ? followed(bound) : []);
  for (const event of events) if (!bound.includes(event)) unbind(state, event);
  return state;
}

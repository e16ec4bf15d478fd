/**
 * Plays deviations back: the adversary of a replayed trace. It knows each deviation by its place and says afterwards
 * which places were never reached.
 */
import {
  type Bio,
  type Call,
  CallFlag,
  type CallId,
  type ChoiceLabel,
  type Errno,
  isBackground,
  type Point,
} from '../../model/contract/index.js';
import { type Action, type Adversary, BEGINNING, type Injected } from '../run/adversary.js';
import { isCall } from '../run/engine.js';
import { meets } from '../run/runner.js';
import { BioCounter, type Deviation } from './recording.js';

const nothing: readonly Action[] = [];

export class ScriptedAdversary implements Adversary {
  readonly schedules: boolean;
  readonly orders: boolean;
  private readonly byCall = new Map<CallId, Deviation[]>();
  private readonly deviations: readonly Deviation[];
  private readonly unmet: Set<Deviation>;
  private readonly bios = new BioCounter();

  constructor(deviations: readonly Deviation[]) {
    this.deviations = deviations;
    for (const deviation of deviations) {
      const list = this.byCall.get(deviation.op);
      if (list === undefined) this.byCall.set(deviation.op, [deviation]);
      else list.push(deviation);
    }
    this.unmet = new Set(deviations);
    const actions = deviations.flatMap(deviation => ('actions' in deviation ? deviation.actions : []));
    this.schedules = actions.some(action => !isCall(action));
    this.orders = actions.some(action => !isCall(action) || isOrdered(action));
  }

  /** The deviations whose place was not reached, or that found nothing there to act on. */
  get missed(): readonly Deviation[] {
    return [...this.unmet];
  }

  observes(call: Call): boolean {
    return this.byCall.has(call.id);
  }

  at(call: Call, point: Point, nth: number): readonly Action[] {
    const list = this.byCall.get(call.id);
    if (list === undefined) return nothing;
    const actions: Action[] = [];
    for (const deviation of list) {
      // Before its first step a call is at its only beginning.
      if (!('actions' in deviation) || deviation.point !== point || (deviation.nth !== nth && point !== BEGINNING))
        continue;
      this.unmet.delete(deviation);
      actions.push(...deviation.actions);
    }
    return actions;
  }

  idle(action: Action): void {
    const deviation = this.deviations.find(it => 'actions' in it && it.actions.includes(action));
    if (deviation !== undefined) this.unmet.add(deviation);
  }

  /** A choice that has no such answer goes as it goes without a deviation. */
  choose(call: Call, label: ChoiceLabel, nth: number, n: number): number {
    const met = this.find(call, d => 'choice' in d && d.choice === label && d.nth === nth && d.value < n);
    return met !== undefined && 'value' in met ? met.value : 0;
  }

  bioStatus(call: Call, bio: Bio): Errno {
    this.bios.add(call.id, bio);
    const met = this.find(call, d => 'bio' in d && meets(bio, d.bio) && this.bios.count(call.id, d.bio) === d.nth);
    return met !== undefined && 'status' in met ? met.status : 0;
  }

  private find(call: Call, matches: (deviation: Deviation) => boolean): Deviation | undefined {
    const met = this.byCall.get(call.id)?.find(matches);
    if (met !== undefined) this.unmet.delete(met);
    return met;
  }
}

/** A call of an application in the midst of another, whose place a lock decides: accesses through a mapping take none. */
function isOrdered({ operation, name, flags }: Injected): boolean {
  const mapped = name === 'mapread' || (name === 'mapwrite' && (flags & CallFlag.GROW) === 0);
  return !mapped && !isBackground({ operation });
}

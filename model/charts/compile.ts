/**
 * From a statechart to the table that runs.
 *
 * An XState machine is the definition of a life cycle: it is read by people, drawn in the documents and walked by path
 * generators. Stepping it costs microseconds, so what watches a run is a dense table compiled from it once, in which a
 * step is one array load. The table numbers states and events in the order of the definition and lists the transitions,
 * so that coverage is an array of counters.
 *
 * Only flat machines without guards, context and eventless transitions compile: a guard would be a rule hidden outside
 * the table. Data (positions, lengths, flags) belongs to the rules that sit beside a chart. A chart with such parts is
 * refused with an error, never compiled in part.
 */
import type { AnyStateMachine, EventFrom, StateValueFrom } from 'xstate';

/** What `next` holds where the chart has no transition: the event is illegal in that state. */
export const REFUSED = 255;

/** One arrow of the chart. */
export interface ChartTransition {
  readonly from: number;
  readonly event: number;
  readonly to: number;
  /** `from --event--> to`, for reports. */
  readonly name: string;
}

/** A chart as arrays. `next[state * events.length + event]` is the next state, or `REFUSED`. */
export interface ChartTable<S extends string = string, E extends string = string> {
  readonly id: string;
  readonly states: readonly S[];
  readonly events: readonly E[];
  /** Number of a state by name. */
  readonly state: Readonly<Record<S, number>>;
  /** Number of an event by name. */
  readonly event: Readonly<Record<E, number>>;
  readonly initial: number;
  /** 1 where the chart tags the state `rest`: nothing is owed there, so a run may end in it. */
  readonly rest: Uint8Array;
  readonly next: Uint8Array;
  /** Every arrow; the denominator of transition coverage. */
  readonly transitions: readonly ChartTransition[];
  /** Index into `transitions`, by the same key as `next`; meaningless where `next` is `REFUSED`. */
  readonly transition: Uint16Array;
}

/** The table of a machine, typed by the names in its definition. */
export type TableOf<M extends AnyStateMachine> = ChartTable<StateValueFrom<M> & string, EventFrom<M>['type']>;

/** Compiles a flat machine. Throws an `Error` that names the part which a table cannot hold. */
export function compileChart<M extends AnyStateMachine>(machine: M): TableOf<M> {
  type S = StateValueFrom<M> & string;
  type E = EventFrom<M>['type'];
  const nodes = Object.values(machine.states);
  const states = nodes.map(node => node.key as S);
  const events = [...machine.events] as E[];
  const refuse = (what: string): never => {
    throw new Error(`chart ${machine.id}: ${what} cannot be compiled into a table`);
  };
  if (states.length >= REFUSED) refuse(`more than ${REFUSED - 1} states`);
  const stateNumber = numbers(states);
  const eventNumber = numbers(events);
  const next = new Uint8Array(states.length * events.length).fill(REFUSED);
  const transition = new Uint16Array(next.length);
  const transitions: ChartTransition[] = [];
  const rest = new Uint8Array(states.length);
  for (const [from, node] of nodes.entries()) {
    if (node.type !== 'atomic' && node.type !== 'final') refuse(`${node.type} state ${node.key}`);
    if ((node.always ?? []).length > 0) refuse(`eventless transition of ${node.key}`);
    rest[from] = node.type === 'final' || node.tags.includes('rest') ? 1 : 0;
    for (const [name, arrows] of node.transitions) {
      const [arrow] = arrows;
      const target = arrow?.target?.[0];
      if (arrows.length !== 1 || target === undefined) return refuse(`choice at ${node.key} on ${name}`);
      if (arrow?.guard !== undefined) refuse(`guard at ${node.key} on ${name}`);
      const event = eventNumber[name as E];
      const to = stateNumber[target.key as S];
      const key = from * events.length + event;
      next[key] = to;
      transition[key] = transitions.length;
      transitions.push({ from, event, to, name: `${node.key} --${name}--> ${target.key}` });
    }
  }
  const [first] = machine.root.initial.target;
  if (first === undefined) return refuse('a chart without initial state');
  return {
    id: machine.id,
    states,
    events,
    state: stateNumber,
    event: eventNumber,
    initial: stateNumber[first.key as S],
    rest,
    next,
    transitions,
    transition,
  };
}

/** The state after `event`, or `REFUSED`. For readers outside the hot path; the hot path indexes `next` itself. */
export function stepChart(table: ChartTable, state: number, event: number): number {
  return table.next[state * table.events.length + event] ?? REFUSED;
}

function numbers<K extends string>(names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map((name, index) => [name, index])) as Record<K, number>;
}

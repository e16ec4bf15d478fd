/**
 * Runs the rules over a recording: hands each event to those that want it, counts what they say, keeps what they found.
 *
 * A recording may have holes. Events lost on a CPU make everything concluded since that CPU's last line doubtful, also
 * what other CPUs showed meanwhile, so findings from there on are taken back and counted as undecided; then all state is
 * dropped and the rules start anew. A second header in the text starts a new recording.
 */
import type { KernelEvent, KernelEventKind, KernelNote } from '../../model/contract/kernel-event.js';
import type { Judge, KernelRule, KernelWatch } from '../../properties/kernel/rule.js';
import { KernelWorld } from '../../properties/kernel/world.js';

/** A rule broken, with the lines that show it. */
export interface KernelFinding {
  readonly line: number;
  readonly id: string;
  readonly message: string;
  /** The operation's own events, in order of the text; the last is the one that broke the rule. */
  readonly quoted: readonly { readonly line: number; readonly text: string }[];
}

/** How often a rule was at work. */
export interface RuleCount {
  checked: number;
  undecided: number;
  broken: number;
}

type Handler = (event: KernelEvent) => undefined;

/** Findings are kept up to this many; the rest is only counted. */
const MOST_FINDINGS = 1000;
const BARRIER = /^(?:step \d+|end)$/;

export class KernelValidator {
  readonly counts: readonly RuleCount[];
  readonly notes: KernelNote[] = [];
  /** Notes that were not kept, because there are too many. */
  moreNotes = 0;
  /** Events that no reader knows, by name. */
  readonly unknown = new Map<string, number>();
  /** Bits of flags that have no name here, with the first line that shows them. */
  readonly unknownFlags = new Map<string, number>();
  events = 0;
  operations = 0;
  private readonly rules: readonly KernelRule[];
  private readonly ruleOf = new Map<string, number>();
  private found: KernelFinding[] = [];
  private readonly lastLine = new Map<number, number>();
  private handlers = new Map<KernelEventKind, readonly Handler[]>();
  private barriers: readonly NonNullable<KernelWatch['atBarrier']>[] = [];
  private endings: readonly NonNullable<KernelWatch['atEnd']>[] = [];
  private world = new KernelWorld();
  private begun = false;
  private overwritten = false;
  private readonly cpus = new Set<number>();

  constructor(rules: readonly KernelRule[]) {
    this.rules = rules;
    this.counts = rules.map(() => ({ checked: 0, undecided: 0, broken: 0 }));
    rules.forEach((rule, index) => {
      this.ruleOf.set(rule.id, index);
    });
    this.start(false, false);
  }

  /** What was found, by line. */
  get findings(): readonly KernelFinding[] {
    return [...this.found].sort((a, b) => a.line - b.line);
  }

  event(event: KernelEvent): void {
    this.events++;
    this.begun = true;
    if (this.overwritten && !this.cpus.has(event.cpu)) {
      // A CPU's oldest events were overwritten up to its first line here, while others kept theirs.
      if (this.cpus.size > 0) this.lose(event.cpu);
      this.cpus.add(event.cpu);
    }
    this.lastLine.set(event.cpu, event.line);
    if (event.kind === 'unknown') this.count(this.unknown, event.name, 1);
    else if ('unknown' in event && event.unknown !== 0) this.newFlags(event);
    const { world } = this;
    world.name(event);
    if (world.beyond.has(event)) {
      world.pass(event);
      return;
    }
    world.before(event);
    const handlers = this.handlers.get(event.kind);
    if (handlers !== undefined) for (const handler of handlers) handler(event);
    if (event.kind === 'marker' && BARRIER.test(event.marker)) {
      world.barrier();
      for (const barrier of this.barriers) barrier(event);
    }
    world.after(event);
  }

  note(note: KernelNote): void {
    if (note.kind === 'snapshot' || note.kind === 'overwritten') {
      if (this.begun) {
        for (const atEnd of this.endings) atEnd();
        this.start(true, false);
      }
      this.world.snapshot = true;
      this.world.gap = note.kind === 'overwritten';
      this.overwritten = note.kind === 'overwritten';
      this.cpus.clear();
      if (note.kind === 'snapshot') return;
    }
    if (this.notes.length < MOST_FINDINGS) this.notes.push(note);
    else this.moreNotes++;
    if (note.kind === 'lost') this.lose(note.cpu);
    else if (note.kind === 'unreadable') this.start(this.world.snapshot, true);
  }

  /** After the last event. */
  end(): void {
    for (const atEnd of this.endings) atEnd();
    this.operations += this.world.operations;
    this.world.operations = 0;
  }

  /** Takes back what may have been concluded from a gap on `cpu`, and starts anew. */
  private lose(cpu: number): void {
    const from = this.lastLine.get(cpu) ?? 0;
    this.found = this.found.filter(finding => {
      if (finding.line <= from) return true;
      const count = this.counts[this.ruleOf.get(finding.id)!]!;
      count.broken--;
      count.checked--;
      count.undecided++;
      return false;
    });
    this.start(this.world.snapshot, true);
  }

  private start(snapshot: boolean, gap: boolean): void {
    this.operations += this.world.operations;
    this.world = new KernelWorld();
    this.world.snapshot = snapshot;
    this.world.gap = gap;
    this.lastLine.clear();
    const handlers = new Map<KernelEventKind, Handler[]>();
    const barriers: NonNullable<KernelWatch['atBarrier']>[] = [];
    const endings: NonNullable<KernelWatch['atEnd']>[] = [];
    this.rules.forEach((rule, index) => {
      const { atBarrier, atEnd, ...watch } = rule.watch(this.world, this.judge(rule, index));
      if (atBarrier !== undefined) barriers.push(atBarrier);
      if (atEnd !== undefined) endings.push(atEnd);
      for (const [kind, handler] of Object.entries(watch) as [KernelEventKind, Handler][]) {
        const list = handlers.get(kind);
        if (list === undefined) handlers.set(kind, [handler]);
        else list.push(handler);
      }
    });
    this.handlers = handlers;
    this.barriers = barriers;
    this.endings = endings;
  }

  private judge(rule: KernelRule, index: number): Judge {
    const count = this.counts[index]!;
    return {
      held: () => {
        count.checked++;
        return undefined;
      },
      undecided: () => {
        count.undecided++;
        return undefined;
      },
      broken: (event, message, ...related) => {
        count.checked++;
        count.broken++;
        if (this.found.length < MOST_FINDINGS) {
          const lines = new Map<number, string>();
          for (const one of related) if (one) lines.set(one.line, one.text);
          lines.set(event.line, event.text);
          const quoted = [...lines].sort(([a], [b]) => a - b).map(([line, text]) => ({ line, text }));
          this.found.push({ line: event.line, id: rule.id, message, quoted });
        }
        return undefined;
      },
    };
  }

  private newFlags(event: KernelEvent & { readonly unknown: number }): void {
    const key = `0x${event.unknown.toString(16)} in ${event.name}`;
    if (!this.unknownFlags.has(key) && this.unknownFlags.size < MOST_FINDINGS) this.unknownFlags.set(key, event.line);
  }

  private count(counts: Map<string, number>, key: string, by: number): void {
    if (counts.has(key) || counts.size < MOST_FINDINGS) counts.set(key, (counts.get(key) ?? 0) + by);
  }
}

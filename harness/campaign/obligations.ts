/**
 * What a default campaign must have seen. A campaign in which an interesting branch never happened has not tested it: that
 * is a failure of the campaign (exit status 4), not a success of the target.
 */
import {
  EVENT_NAMES,
  type EventName,
  OPERATION_NAMES,
  type OperationName,
  type RuleId,
} from '../../model/contract/index.js';
import type { Injection } from '../adversaries/categories.js';
import { type CampaignShape, shutsDown } from './sequence.js';
import { NOTABLES, type Notable } from './tally.js';

export interface Obligation {
  readonly name: string;
  /** Counted by an event of the target, by calls of an operation, or by something the campaign notes itself. */
  readonly event?: EventName;
  readonly operation?: OperationName;
  readonly notable?: Notable;
  /** Counted by the times that this check had something to judge. */
  readonly check?: RuleId;
  /** Only owed when this kind of injection is on. */
  readonly needs?: Injection;
  /** Only owed when several tasks run at once. */
  readonly tasks?: true;
  /** Only owed when one task runs alone: failures are injected there. */
  readonly alone?: true;
  /** Only owed when the file system is shut down in some sequences. */
  readonly shutdown?: true;
  /** Happens some 15 times in a million operations. */
  readonly rare?: true;
}

/** From how many operations on a campaign owes its obligations, and those that are rare. */
export const OWED_FROM = 200_000;
const RARE_FROM = 1_000_000;

const OBLIGATIONS: readonly Obligation[] = [
  { name: 'a stale mapping was detected', event: 'stale', needs: 'stale' },
  { name: 'an iteration began again after a stale mapping', notable: 're-begin', needs: 'stale' },
  { name: 'real work made a mapping stale before its first folio', notable: 'stale-first-by-work', needs: 'stale' },
  { name: 'real work made a mapping stale behind its first folio', notable: 'stale-later-by-work', needs: 'stale' },
  { name: 'a mapping was revoked before its first folio', notable: 'stale-first-revoked', needs: 'stale' },
  { name: 'a mapping was revoked behind its first folio', notable: 'stale-later-revoked', needs: 'stale' },
  { name: 'a copy-on-write remap made a mapping stale', notable: 'stale-by-remap', needs: 'stale' },
  { name: 'a reservation was punched', event: 'punch' },
  { name: 'a reservation was made', event: 'reserve' },
  { name: 'unwritten blocks were converted', event: 'convert' },
  { name: 'a write was short', notable: 'short-answer' },
  { name: 'a copy stopped early', event: 'short-copy', needs: 'error' },
  { name: 'there was no space', notable: 'no-space' },
  { name: 'completed ioends were merged', event: 'ioend-merge' },
  { name: 'a dirty range was answered HOLE', event: 'writeback-hole', rare: true },
  { name: 'the old EOF block was zeroed at a size extension', event: 'size-extended' },
  { name: 'a range was zeroed through the cache', event: 'zeroed' },
  { name: 'writeback recorded an error', event: 'writeback-error', needs: 'error' },
  { name: 'writeback had no mapping', notable: 'unmapped-writeback', needs: 'error', alone: true },
  { name: 'a sync call reported an error', notable: 'sync-error-answered', needs: 'error' },
  { name: 'a folio larger than a page was used', notable: 'large-folio' },
  { name: 'an offset was above 4 GiB', notable: 'beyond-4-gib' },
  { name: 'an offset was near the largest size', notable: 'near-largest-size' },
  { name: 'something was too large', notable: 'too-large' },
  { name: 'a file was removed', operation: 'remove' },
  { name: 'a lasting mapping was made', operation: 'mmap' },
  { name: 'a copy-on-write mapping had a source', notable: 'cow-mapping' },
  { name: 'copy-on-write blocks were remapped', event: 'remap' },
  { name: 'a direct request was submitted', event: 'dio-submit' },
  { name: 'a direct write fell back to the page cache', event: 'dio-fallback' },
  { name: 'power was lost', notable: 'crash', needs: 'crash' },
  { name: 'power was lost inside a call', notable: 'crash-in-call', needs: 'crash' },
  { name: 'a write of the log or of metadata was torn', notable: 'crash-tears-log', needs: 'crash' },
  {
    name: 'power was lost inside a call beside those of other tasks',
    notable: 'crash-beside-others',
    needs: 'crash',
    tasks: true,
  },
  { name: 'power was lost during recovery', notable: 'crash-in-recovery', needs: 'crash' },
  { name: 'a request that was refused had to have changed nothing', check: 'INV-18' },
  { name: 'an atomic write succeeded', check: 'INV-57' },
  { name: 'a begin reply broke the rules', check: 'INV-58', needs: 'error', alone: true },
  { name: 'a write began after a shutdown', check: 'INV-76', needs: 'error', shutdown: true },
  { name: 'all was quiet after a failed writeback', check: 'INV-49', needs: 'error', alone: true },
  { name: 'a task was preempted inside a write', notable: 'preempted-write', tasks: true },
  { name: 'a task waited for a lock', notable: 'lock-wait', tasks: true },
  { name: 'each of two tasks waited for a lock of the other', notable: 'mutual-lock-wait', tasks: true },
  { name: 'bios completed out of order', notable: 'out-of-order', tasks: true },
  { name: 'a direct write made a mapping stale', notable: 'stale-by-direct-write', tasks: true, rare: true },
  { name: 'a mapping was found stale beside other calls', notable: 'stale-beside-others', tasks: true },
];

/** What a campaign of this shape owes if it is long. All schedules of a few programs owe nothing: most kinds of call are in none of them. */
export function owedBy(shape: CampaignShape): readonly Obligation[] {
  if (shape.strategy === 'dfs') return [];
  return OBLIGATIONS.filter(
    ({ needs, tasks, alone, shutdown }) =>
      (needs === undefined || shape.inject.includes(needs)) &&
      (tasks === undefined || shape.parts.some(part => part.tasks > 1)) &&
      (alone === undefined || shape.parts.some(part => part.tasks === 1)) &&
      (shutdown === undefined || shutsDown(shape)),
  );
}

const RARE: ReadonlySet<string> = new Set(OBLIGATIONS.filter(({ rare }) => rare).map(({ name }) => name));

/** From how many operations on an obligation is owed. */
export function owedFrom(name: string): number {
  return RARE.has(name) ? RARE_FROM : OWED_FROM;
}

/** How often an obligation was met, by the counters of a campaign. */
export function met(
  obligation: Obligation,
  events: ArrayLike<number>,
  operations: ArrayLike<number>,
  notables: ArrayLike<number>,
  checks: Readonly<Record<string, number>>,
): number {
  if (obligation.check !== undefined) return checks[obligation.check] ?? 0;
  if (obligation.event !== undefined) return events[EVENT_NAMES.indexOf(obligation.event)] ?? 0;
  if (obligation.operation !== undefined) return operations[OPERATION_NAMES.indexOf(obligation.operation)] ?? 0;
  return notables[NOTABLES.indexOf(obligation.notable!)] ?? 0;
}

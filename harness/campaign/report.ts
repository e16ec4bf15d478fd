/**
 * The report of a campaign: one plain object, which `run --json` writes as it is. Everything but seconds and rates is
 * a function of the campaign and its seed.
 */
import { EVENT_NAMES, type Geometry, OPERATION_NAMES } from '../../model/contract/index.js';
import type { Injection } from '../adversaries/categories.js';
import { INJECTIONS } from '../adversaries/categories.js';
import { type CrashCounts, noCounts } from '../crash/counts.js';
import type { LaneResult } from './lane-result.js';
import { met, owedBy, owedFrom } from './obligations.js';
import type { CampaignShape, StrategyName } from './sequence.js';
import { NOTABLES } from './tally.js';
import type { TraceFile } from './trace-file.js';

export const RUN_SCHEMA = 'iomap-check/run/1';

export interface PartReport {
  readonly fs: string;
  readonly name: string;
  readonly geometry: Geometry;
  readonly tasks: number;
  readonly operations: number;
  readonly sequences: number;
  readonly schedules: number;
  readonly crashStates: number;
  readonly seconds: number;
}

export interface ViolationReport extends TraceFile {
  readonly id: string;
  readonly signature: string;
  readonly message: string;
  readonly steps: number;
  /** Why there is no trace, or none that was shrunk, where the user should know; null if there is nothing to say. */
  readonly note: string | null;
  /** Where in the campaign: operations until then, lane and sequence. */
  readonly operations: number;
  readonly lane: number;
  readonly sequence: number;
}

export interface RunReport {
  readonly schema: string;
  readonly version: string;
  readonly seed: string;
  readonly kernel: 'next';
  readonly target: string;
  readonly inject: readonly Injection[];
  /** How tasks were scheduled; null: now one way, now another. */
  readonly strategy: StrategyName | null;
  /** Operations between two losses of power, about; null: few sequences lost power at all. */
  readonly crashEvery: number | null;
  /** The shards of the campaign that are in it: `["1/1"]` is all of it. */
  readonly shards: readonly string[];
  /** A campaign over all our geometries: only that owes its obligations. */
  readonly whole: boolean;
  readonly parts: readonly PartReport[];
  readonly operations: number;
  readonly sequences: number;
  readonly schedules: number;
  /** Tasks that could have gone on and had to wait for another, and those that waited for a lock. */
  readonly preemptions: number;
  readonly lockWaits: number;
  /** Begins after a STALE, and mappings found stale while calls of others were in progress. */
  readonly reBegins: number;
  readonly staleBesideOthers: number;
  readonly seconds: number;
  readonly operationsPerSecond: number;
  readonly injections: Readonly<Record<Injection, number>>;
  readonly crashes: CrashCounts;
  readonly events: Readonly<Record<string, number>>;
  readonly checks: Readonly<Record<string, number>>;
  readonly coverage: {
    readonly transitions: { readonly hit: number; readonly total: number; readonly missed: readonly string[] };
    readonly operations: Readonly<Record<string, number>>;
  };
  /** How often each happened, and what never did, owed or not. */
  readonly obligations: { readonly met: Readonly<Record<string, number>>; readonly missed: readonly string[] };
  readonly known: readonly { readonly id: string; readonly reason: string; readonly count: number }[];
  readonly skipped: readonly string[];
  readonly violations: readonly ViolationReport[];
  /** What the campaign failed to do itself, as sentences; empty when it did its duty. */
  readonly neglected: readonly string[];
}

/** It failed in nothing that it had to do itself. */
export function dutyDone(report: RunReport): boolean {
  return report.neglected.length === 0 && overdue(report).length === 0;
}

/** What never happened, and should have in so many operations: the campaign fails. */
export function overdue({ whole, operations, obligations }: RunReport): readonly string[] {
  return whole ? obligations.missed.filter(name => operations >= owedFrom(name)) : [];
}

interface ReportInput {
  readonly version: string;
  readonly target: string;
  readonly shape: CampaignShape;
  readonly shard: { readonly index: number; readonly count: number };
  readonly whole: boolean;
  readonly lanes: readonly LaneResult[];
  readonly seconds: number;
  readonly skipped: readonly string[];
  /** Known ids with the reason each was given. */
  readonly known: ReadonlyMap<string, string>;
  readonly violations: readonly ViolationReport[];
  readonly neglected: readonly string[];
}

export function makeReport(input: ReportInput): RunReport {
  const { shape, lanes } = input;
  const events = sum(
    lanes.map(lane => lane.events),
    EVENT_NAMES.length,
  );
  const notables = sum(
    lanes.map(lane => lane.notables),
    NOTABLES.length,
  );
  const counts = sum(
    lanes.map(lane => lane.operationCounts),
    OPERATION_NAMES.length,
  );
  const operations = total(lanes.map(lane => lane.operations));
  const sequences = total(lanes.map(lane => lane.sequences));
  const checks = addRecords(lanes.map(lane => lane.checks));
  const metCounts: Record<string, number> = {};
  const missed: string[] = [];
  for (const obligation of owedBy(shape)) {
    const count = met(obligation, events, counts, notables, checks);
    if (count > 0) metCounts[obligation.name] = count;
    else missed.push(obligation.name);
  }
  return {
    schema: RUN_SCHEMA,
    version: input.version,
    seed: shape.seed,
    kernel: 'next',
    target: input.target,
    inject: shape.inject,
    strategy: shape.strategy,
    crashEvery: shape.crashEvery ?? null,
    shards: [`${input.shard.index + 1}/${input.shard.count}`],
    whole: input.whole,
    parts: shape.parts.map((part, index) => {
      const results = lanes.map(lane => lane.parts[index]!);
      return {
        fs: shape.fs,
        name: part.name,
        geometry: part.geometry,
        tasks: part.tasks,
        operations: total(results.map(result => result.operations)),
        sequences: total(results.map(result => result.sequences)),
        schedules: total(results.map(result => result.schedules)),
        crashStates: total(results.map(result => result.crashStates)),
        seconds: round(total(results.map(result => result.milliseconds)) / 1000),
      };
    }),
    operations,
    sequences,
    schedules: total(lanes.flatMap(lane => lane.parts.map(part => part.schedules))),
    preemptions: notables[NOTABLES.indexOf('preemption')]!,
    lockWaits: notables[NOTABLES.indexOf('lock-wait')]!,
    reBegins: notables[NOTABLES.indexOf('re-begin')]!,
    staleBesideOthers: notables[NOTABLES.indexOf('stale-beside-others')]!,
    seconds: round(input.seconds),
    operationsPerSecond: input.seconds > 0 ? Math.round(operations / input.seconds) : 0,
    injections: Object.fromEntries(
      INJECTIONS.map(kind => [kind, total(lanes.map(lane => lane.byInjection[kind]))]),
    ) as Record<Injection, number>,
    crashes: { ...noCounts(), ...addRecords(lanes.map(lane => ({ ...lane.crashes }))) },
    events: Object.fromEntries(EVENT_NAMES.map((name, index) => [name, events[index]!])),
    checks,
    coverage: {
      transitions: coverage(addRecords(lanes.map(lane => lane.transitions))),
      operations: Object.fromEntries(
        OPERATION_NAMES.map((name, index) => [name, counts[index]!] as const).filter(([, count]) => count > 0),
      ),
    },
    obligations: { met: metCounts, missed },
    known: knownCounts(input.known, addRecords(lanes.map(lane => lane.known))),
    skipped: input.skipped,
    violations: input.violations,
    neglected: input.neglected,
  };
}

function coverage(taken: Readonly<Record<string, number>>): RunReport['coverage']['transitions'] {
  const names = Object.keys(taken);
  const missed = names.filter(name => taken[name] === 0);
  return { hit: names.length - missed.length, total: names.length, missed };
}

function knownCounts(known: ReadonlyMap<string, string>, counts: Readonly<Record<string, number>>): RunReport['known'] {
  return [...known].map(([id, reason]) => ({ id, reason, count: counts[id] ?? 0 }));
}

export function total(list: readonly number[]): number {
  return list.reduce((a, b) => a + b, 0);
}

/** Milliseconds are fine enough. */
export function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function sum(arrays: readonly Float64Array[], length: number): Float64Array {
  const result = new Float64Array(length);
  for (const array of arrays) for (let i = 0; i < length; i++) result[i]! += array[i]!;
  return result;
}

/** Sums by name. */
export function addRecords(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const record of records)
    for (const id of Object.keys(record)) result[id] = (result[id] ?? 0) + (record[id] ?? 0);
  return result;
}

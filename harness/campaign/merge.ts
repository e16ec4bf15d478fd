/**
 * Joins the reports of shards into one: what was counted is added up, what happened in any shard has happened, and what was
 * found in any has been found. They ran beside each other, so the whole took as long as the longest.
 */
import { addRecords, type PartReport, type RunReport, round, total } from './report.js';

/** What reports of one campaign have in common, by the word for it. */
const COMMON: readonly (readonly [string, (report: RunReport) => unknown])[] = [
  ['schema', report => report.schema],
  ['version', report => report.version],
  ['seed', report => report.seed],
  ['kernel', report => report.kernel],
  ['target', report => report.target],
  ['kinds of injection', report => report.inject],
  ['strategy', report => report.strategy],
  ['operations between losses of power', report => report.crashEvery],
  ['parts', report => report.parts.map(({ fs, name, geometry, tasks }) => ({ fs, name, geometry, tasks }))],
];

/** In what two reports that should be of one campaign are not, in words; null if they may be. */
export function disagreement(one: RunReport, other: RunReport): string | null {
  for (const [word, of] of COMMON) {
    const [a, b] = [of(one), of(other)].map(value => JSON.stringify(value));
    if (a !== b) return word === 'parts' ? 'other parts (geometries and tasks)' : `${word} ${b}, not ${a}`;
  }
  const [, count] = fraction(one.shards[0]!);
  const shard = other.shards.find(text => fraction(text)[1] !== count);
  if (shard !== undefined) return `shard ${shard}, not one of ${count}`;
  const twice = other.shards.find(text => one.shards.includes(text));
  return twice === undefined ? null : `shard ${twice} once more`;
}

/** Reports that agree with each other, as one. */
export function mergeReports(reports: readonly RunReport[]): RunReport {
  const inOrder = [...reports].sort((a, b) => fraction(a.shards[0]!)[0] - fraction(b.shards[0]!)[0]);
  const first = inOrder[0]!;
  const sumOf = (of: (report: RunReport) => number): number => total(inOrder.map(of));
  const recordsOf = <Name extends string>(of: (report: RunReport) => Readonly<Record<Name, number>>) =>
    addRecords(inOrder.map(of)) as Record<Name, number>;
  const seconds = Math.max(...inOrder.map(report => report.seconds));
  const operations = sumOf(report => report.operations);
  const met = recordsOf(report => report.obligations.met);
  const { total: transitions, missed } = first.coverage.transitions;
  const never = missed.filter(name => inOrder.every(report => report.coverage.transitions.missed.includes(name)));
  const shards = inOrder.flatMap(report => report.shards).sort((a, b) => fraction(a)[0] - fraction(b)[0]);
  return {
    ...first,
    shards,
    whole: inOrder.every(report => report.whole),
    parts: first.parts.map((part, place) =>
      mergeParts(
        part,
        inOrder.map(report => report.parts[place]!),
      ),
    ),
    operations,
    sequences: sumOf(report => report.sequences),
    schedules: sumOf(report => report.schedules),
    preemptions: sumOf(report => report.preemptions),
    lockWaits: sumOf(report => report.lockWaits),
    reBegins: sumOf(report => report.reBegins),
    staleBesideOthers: sumOf(report => report.staleBesideOthers),
    seconds,
    operationsPerSecond: seconds > 0 ? Math.round(operations / seconds) : 0,
    injections: recordsOf(report => report.injections),
    crashes: recordsOf(report => ({ ...report.crashes })),
    events: recordsOf(report => report.events),
    checks: recordsOf(report => report.checks),
    coverage: {
      transitions: { hit: transitions - never.length, total: transitions, missed: never },
      operations: recordsOf(report => report.coverage.operations),
    },
    obligations: {
      met,
      missed: union(inOrder.map(report => report.obligations.missed)).filter(name => met[name] === undefined),
    },
    known: mergeKnown(inOrder.flatMap(report => report.known)),
    skipped: union(inOrder.map(report => report.skipped)),
    violations: inOrder.flatMap(report => report.violations),
    neglected: [...inOrder.flatMap(ownNeglect), ...missing(shards)],
  };
}

function mergeParts(part: PartReport, parts: readonly PartReport[]): PartReport {
  const sumOf = (name: 'operations' | 'sequences' | 'schedules' | 'crashStates' | 'seconds'): number =>
    total(parts.map(it => it[name]));
  return {
    ...part,
    operations: sumOf('operations'),
    sequences: sumOf('sequences'),
    schedules: sumOf('schedules'),
    crashStates: sumOf('crashStates'),
    seconds: round(sumOf('seconds')),
  };
}

function mergeKnown(all: RunReport['known']): RunReport['known'] {
  const counts = addRecords(all.map(({ id, count }) => ({ [id]: count })));
  return Object.keys(counts).map(id => ({ ...all.find(entry => entry.id === id)!, count: counts[id]! }));
}

/** What a report may have said of shards that others hold is told anew. */
function ownNeglect({ neglected, shards }: RunReport): string[] {
  const of = missing(shards);
  return neglected.filter(sentence => !of.includes(sentence));
}

/** A sentence for each shard of the campaign that is in no report. */
function missing(shards: readonly string[]): string[] {
  const [, count] = fraction(shards[0]!);
  const all = Array.from({ length: count }, (_, index) => `${index + 1}/${count}`);
  return all.filter(shard => !shards.includes(shard)).map(shard => `there is no report of shard ${shard}`);
}

function fraction(shard: string): readonly [number, number] {
  const [index = 0, count = 0] = shard.split('/').map(Number);
  return [index, count];
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}

/** What hunting the races and mistakes of locking came to, and the part of `docs/interleavings.md` that is made of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  INTERLEAVINGS_MEASURED,
  type Interleaving,
  LOCK_MISTAKES,
  RACES,
} from '../../properties/mutations/interleavings.js';

/** The ways in which each is hunted: the default campaign, and several tasks alone with one strategy. */
export const WAYS = ['default', 'random', 'pct'] as const;
export type Way = (typeof WAYS)[number];

/** One campaign of one seed; null where nothing was found. */
export interface Found {
  readonly by: string;
  /** Schedules until it was found; among them those of the default campaign, which has sequences without any. */
  readonly schedules: number;
  readonly operations: number;
  readonly steps: number;
}

/** By slug, then by way; lists go by seed, 1, 2, 3. */
export type MeasuredInterleavings = Readonly<Record<string, Readonly<Record<Way, readonly (Found | null)[]>>>>;

export function readInterleavings(): MeasuredInterleavings {
  return JSON.parse(readFileSync(INTERLEAVINGS_MEASURED, 'utf8')) as MeasuredInterleavings;
}

/** Keeps the figures, one line a mutation. */
export function writeInterleavings(measured: MeasuredInterleavings): void {
  const lines = [...RACES, ...LOCK_MISTAKES]
    .filter(({ diff }) => measured[diff] !== undefined)
    .map(({ diff }) => `${JSON.stringify(diff)}: ${JSON.stringify(measured[diff])}`);
  writeFileSync(INTERLEAVINGS_MEASURED, `{\n${lines.join(',\n')}\n}\n`);
}

/** Where the tables stand in the page. */
const FROM = '<!-- measured -->\n';
const TO = '<!-- measured: end -->';

/** The page with the tables as measured. */
export function withTables(page: string, measured: MeasuredInterleavings): string {
  const from = page.indexOf(FROM) + FROM.length;
  const to = page.indexOf(TO);
  if (from < FROM.length || to < from) throw new Error('the page does not say where its tables stand');
  return `${page.slice(0, from)}\n${table([...RACES, ...LOCK_MISTAKES], measured)}\n\n${page.slice(to)}`;
}

function table(rows: readonly Interleaving[], measured: MeasuredInterleavings): string {
  const head = '| row | diff | default: operations | random: schedules | pct: schedules | reported by | steps |';
  const lines = rows.map(row => line(row, measured[row.diff]));
  return [head, '|---|---|---|---|---|---|---|', ...lines].join('\n');
}

function line({ row, diff }: Interleaving, ways: MeasuredInterleavings[string] | undefined): string {
  if (ways === undefined) return `| ${row} | \`${diff}\` | not measured | | | | |`;
  const all = WAYS.flatMap(way => ways[way]).filter(found => found !== null);
  const cells = WAYS.map(way => ways[way].map(found => (found === null ? 'missed' : figure(way, found))).join(', '));
  const by = [...new Set(all.map(found => found.by))].sort().join(', ');
  const steps = all.map(found => found.steps);
  return `| ${row} | \`${diff}\` | ${cells.join(' | ')} | ${by} | ${range(steps)} |`;
}

function figure(way: Way, { operations, schedules }: Found): string {
  return (way === 'default' ? operations : schedules).toLocaleString('en');
}

function range(steps: readonly number[]): string {
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  return least === most ? String(least) : `${least} to ${most}`;
}

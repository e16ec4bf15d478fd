/**
 * Bugs that the kernel's iomap and its file systems once had, each as a diff against `impl/` in
 * `properties/mutations/historical`, with a trace that shows it; and the page about them (`docs/historical-bugs.md`).
 */
import { MUTATION_TRACES, MUTATIONS_FOLDER } from '../../properties/mutations/index.js';
import { countSteps, type Trace } from '../../traces/format/index.js';
import { patchIn, slugsIn, traceIn } from './kept.js';
import type { Patch } from './patch.js';

const FOLDER = new URL('historical/', MUTATIONS_FOLDER);
const TRACES = new URL('historical/', MUTATION_TRACES);

export interface HistoricalBug {
  readonly patch: Patch;
  readonly trace: Trace;
}

/** By name. */
export function historicalBugs(): readonly HistoricalBug[] {
  return slugsIn(FOLDER).map(slug => ({ patch: patchIn(FOLDER, slug), trace: traceIn(TRACES, slug) }));
}

const HEAD = `# Historical bugs

Bugs that the kernel's iomap and the file systems on it once had, re-introduced into our implementation: each is a diff in
\`properties/mutations/historical\` that does what the kernel did before the commit named, as far as \`impl/\` has the
machinery. They were written after the mutations of [the table](mutations.md), and hunted as they were written.

    npx iomap-check bugs --patch properties/mutations/historical/SLUG.diff

hunts one anew. The tests apply every diff, and replay its trace in \`traces/corpus/mutations/historical\` with and without it.

Of 153 bugs, 96 could be written, in 115 diffs; the others are about machinery that is not here (inline data, DAX, swap files,
ext4, realtime), or about races within what is one step here. Below are those that a trace shows. Of the other diffs most
change nothing that could be seen here; some need a file system that becomes full at the right moment, an unshare of more than
2 GiB, or tasks that meet in a narrower place than campaigns make. When last hunted, 86 of these 89 were found within
400,000 operations of seed 1, and one of seed 2; \`ioend-resamples-larger-size\` and \`split-loses-chosen\` were not found.
`;

export function historicalPage(bugs: readonly HistoricalBug[]): string {
  const rows = bugs.map(({ patch, trace }) => {
    const { slug, headers } = patch;
    const says = (name: string): string => headers.get(name) ?? '';
    const link = `[${slug}](../properties/mutations/historical/${slug}.diff)`;
    return `| ${link} | ${says('commit')} | ${says('breaks')} | ${says('kills')} | ${says('found')} | ${countSteps(trace)} |`;
  });
  const table = [
    '| mutation | fixed by | what is broken | reported by | found | steps |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
  return `${HEAD}\n${table.join('\n')}\n`;
}

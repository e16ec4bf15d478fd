/** The page about the mutations (`docs/mutations.md`), made from their table, the headers of the diffs and what was measured. */
import {
  FURTHER_MUTATIONS,
  MUTATION_TABLE,
  MUTATIONS_FOLDER,
  type MutationRow,
} from '../../properties/mutations/index.js';
import { CRASH_MUTATIONS } from '../../properties/mutations/ordering.js';
import { stepsInWords } from '../../traces/format/index.js';
import { patchIn } from './kept.js';
import type { Measured, MeasuredSeed } from './measured.js';
import type { Patch } from './patch.js';

const HEAD = `# Mutations

A checker is worth what it finds. Each row of the mutation table of the specification names mistakes an implementation can
make and the rules that have to notice them; each mistake is a unified diff against \`impl/\` in \`properties/mutations\`.
The table says how it is found by the default campaign: the rule that reported it, the operations until then, and the steps
of the shrunk trace, for each of the seeds 1, 2 and 3, with at most 400,000 operations a seed. Where the first trace has more
than six steps, the shortest of the first five counts.

    npx iomap-check bugs --patch properties/mutations/SLUG.diff

hunts one of them anew. \`node dist/harness/bugs/publish.js [SLUG…]\` hunts some, or all, keeps the smallest trace of each in
\`traces/corpus/mutations\`, and makes this page. The tests apply every diff, and replay its trace with and without it.

That each rule can be reported at all is another matter: \`iomap-check rules --verify ID\` shows it, by one of these
mutations, by one of [interleaving](interleavings.md), or by one made for that rule alone. The latter lie in
\`properties/mutations/by-rule\`; they are as small as can be, are not hunted, and stand in no table.

A row is as of the last time its mutation was hunted, on a version of that time: not all are of one version.
`;

/** The diff of a mutation. */
export function mutation(slug: string): Patch {
  return patchIn(MUTATIONS_FOLDER, slug);
}

export function mutationsPage(measured: Measured): string {
  const further = [
    '## Others',
    'What the table does not name, for rules that nothing in it breaks.',
    ...[...CRASH_MUTATIONS, ...FURTHER_MUTATIONS].map(row => section(row, measured)),
  ];
  return [HEAD, ...MUTATION_TABLE.map(row => section(row, measured)), ...further]
    .join('\n\n')
    .replace(/\n{3,}/g, '\n\n')
    .concat('\n');
}

function section(row: MutationRow, measured: Measured): string {
  const parts = [`### ${row.row}`, `Killed by ${row.killedBy.join(', ')}.`];
  if (row.waitsFor !== undefined) parts.push(`Waits for ${row.waitsFor}.`);
  if (row.diffs.length > 0) {
    const lines = row.diffs.map(
      slug => `| [${slug}](../properties/mutations/${slug}.diff) | ${cells(measured[slug])} |`,
    );
    parts.push(['| mutation | seed 1 | seed 2 | seed 3 |', '|---|---|---|---|', ...lines].join('\n'));
    parts.push(row.diffs.map(slug => about(mutation(slug))).join('\n'));
  }
  return parts.join('\n\n');
}

function cells(seeds: readonly (MeasuredSeed | null)[] | undefined): string {
  if (seeds === undefined) return 'shown by the crash states of a program (`properties/mutations/ordering.ts`) | | ';
  return seeds.map(seed => (seed === null ? 'missed' : found(seed))).join(' | ');
}

function found({ by, operations, steps }: MeasuredSeed): string {
  const after = operations === null ? '' : `, ${operations.toLocaleString('en')} operations`;
  return `${by}${after}${steps === null ? '' : `, ${stepsInWords(steps)}`}`;
}

function about(patch: Patch): string {
  const also = patch.headers.get('also');
  return `- \`${patch.slug}\`: ${patch.headers.get('breaks') ?? ''}${also === undefined ? '' : ` Also reported: ${also}`}`;
}

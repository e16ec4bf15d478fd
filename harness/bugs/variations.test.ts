/** Nobody cries wolf at what the specification permits: a short campaign on each legal variation reports nothing. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { implementation } from '../../impl/index.js';
import type { TargetFactory } from '../../model/contract/index.js';
import { INJECTIONS } from '../adversaries/categories.js';
import { LaneRunner } from '../campaign/lane.js';
import type { LaneFinding } from '../campaign/lane-result.js';
import { PARTS, TASK_PARTS } from '../campaign/parts.js';
import type { CampaignShape } from '../campaign/sequence.js';
import { loadMutant } from './mutant.js';
import { Eavesdropper } from './testing.js';
import { legalVariations, variationsPage } from './variations.js';

const variations = legalVariations();

/** A few sequences each of one task, of several, and of such as lose power again and again. */
const SHAPES: readonly Pick<CampaignShape, 'parts' | 'crashEvery'>[] = [
  { parts: PARTS.filter(part => part.name.startsWith('tiny')) },
  { parts: TASK_PARTS },
  { parts: PARTS.filter(part => part.name === 'tiny'), crashEvery: 20 },
];
/** Operations of each shape: most behave otherwise than the unchanged implementation in a few, nearly all in more. */
const LENGTHS = [200, 1_600];

/** What so short a campaign does not come to, or does without telling of it. */
const RARE: ReadonlySet<string> = new Set([
  'allocation-keeps-blocks-back',
  'block-state-dropped-when-clean',
  'direct-write-without-fua',
  'every-point-is-a-stop',
  'failed-allocation-is-tried-again',
  'fua-and-flush',
  'index-reservation-generous',
  'old-tail-stays-in-the-cache',
  'redundant-blocks-written-in-place',
  'remap-in-one-transaction',
  'trim-keeps-copies',
  'unshare-page-by-page',
  'whole-pages-fault-in-block-state',
]);

interface Heard {
  readonly findings: readonly LaneFinding[];
  readonly digest: string;
}

function run(factory: TargetFactory, some: (typeof SHAPES)[number], operations: number): Heard {
  const shape = { seed: '1', fs: 'xfs', inject: INJECTIONS, without: [], known: [], strategy: null, ...some };
  const ear = new Eavesdropper();
  const result = new LaneRunner(ear.at(factory)).run(shape, 0, operations, 1, { shouldStop: () => false });
  return { findings: result.findings, digest: ear.digest() };
}

/** The same of the unchanged implementation, by length. */
const unchanged: Heard[][] = [];

for (const patch of variations)
  test(`nothing is reported of ${patch.slug}, which behaves otherwise`, async t => {
    t.is(`${patch.slug}.diff`, patch.name);
    for (const header of ['varies', 'permitted']) t.truthy(patch.headers.get(header), `a header "${header}"`);
    const factory = (await loadMutant(patch))['xfs']!;
    const differs = LENGTHS.some((length, row) => {
      const heard = SHAPES.map(some => run(factory, some, length));
      for (const { findings } of heard) t.deepEqual(findings, []);
      unchanged[row] ??= SHAPES.map(some => run(implementation['xfs']!, some, length));
      return heard.some(({ digest }, column) => digest !== unchanged[row]![column]!.digest);
    });
    t.true(differs || RARE.has(patch.slug));
  });

test('the page about them is made from their headers', t => {
  const page = new URL('../../../docs/variations.md', import.meta.url);
  t.is(readFileSync(page, 'utf8'), variationsPage(variations));
});

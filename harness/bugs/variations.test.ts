/** Nobody cries wolf at what the specification permits: a short campaign on each legal variation reports nothing. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { INJECTIONS } from '../adversaries/categories.js';
import { LaneRunner } from '../campaign/lane.js';
import { PARTS, TASK_PARTS } from '../campaign/parts.js';
import type { CampaignShape } from '../campaign/sequence.js';
import { loadMutant } from './mutant.js';
import { legalVariations, variationsPage } from './variations.js';

const variations = legalVariations();

/** A few sequences each of one task, of several, and of such as lose power again and again. */
const SHAPES: readonly Pick<CampaignShape, 'parts' | 'crashEvery'>[] = [
  { parts: PARTS.filter(part => part.name.startsWith('tiny')) },
  { parts: TASK_PARTS },
  { parts: PARTS.filter(part => part.name === 'tiny'), crashEvery: 20 },
];
const OPERATIONS = 200;

for (const patch of variations)
  test(`nothing is reported of ${patch.slug}`, async t => {
    t.is(`${patch.slug}.diff`, patch.name);
    for (const header of ['varies', 'permitted']) t.truthy(patch.headers.get(header), `a header "${header}"`);
    const runner = new LaneRunner((await loadMutant(patch))['xfs']!);
    for (const some of SHAPES) {
      const shape = {
        seed: patch.slug,
        fs: 'xfs',
        inject: INJECTIONS,
        without: [],
        known: [],
        strategy: null,
        ...some,
      };
      const { findings, operations } = runner.run(shape, 0, OPERATIONS, 1, { shouldStop: () => false });
      t.deepEqual(findings, []);
      t.true(operations >= OPERATIONS);
    }
  });

test('the page about them is made from their headers', t => {
  const page = new URL('../../../docs/variations.md', import.meta.url);
  t.is(readFileSync(page, 'utf8'), variationsPage(variations));
});

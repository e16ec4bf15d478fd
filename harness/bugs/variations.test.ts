/** What the specification permits is permitted: each variation of the implementation passes a short campaign. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import type { Finding, TargetFactory } from '../../model/contract/index.js';
import { VARIATIONS_FOLDER } from '../../properties/variations/index.js';
import { LaneRunner } from '../campaign/lane.js';
import { PARTS, TASK_PARTS } from '../campaign/parts.js';
import type { CampaignShape } from '../campaign/sequence.js';
import { loadMutant } from './mutant.js';
import { type Patch, readPatch } from './patch.js';

const DEFAULT: CampaignShape = {
  seed: 'permitted',
  fs: 'xfs',
  inject: ['crash', 'race', 'stale', 'error', 'reclaim'],
  parts: [...PARTS, ...TASK_PARTS],
  without: [],
  known: [],
  strategy: null,
};
/** How many operations each campaign has. Longer ones are run by `bugs --patch`, with `--no-control`. */
const CAMPAIGNS: readonly (readonly [CampaignShape, number])[] = [
  [DEFAULT, 400],
  [{ ...DEFAULT, crashEvery: 20 }, 120],
];

/** What each campaign found first. */
function campaigns(factory: TargetFactory): readonly (Finding | null)[] {
  const runner = new LaneRunner(factory);
  return CAMPAIGNS.map(
    ([shape, limit]) => runner.run(shape, 0, limit, 1, { shouldStop: () => false }).findings[0]?.finding ?? null,
  );
}

function variation(name: string): Patch {
  return readPatch(readFileSync(new URL(name, VARIATIONS_FOLDER), 'utf8'), name);
}

for (const name of readdirSync(VARIATIONS_FOLDER).filter(file => file.endsWith('.diff'))) {
  test(`${name} says what it varies and what permits it, applies, and passes`, async t => {
    const patch = variation(name);
    t.is(`${patch.slug}.diff`, name);
    t.truthy(patch.headers.get('varies'));
    t.truthy(patch.headers.get('permitted'));
    for (const finding of campaigns((await loadMutant(patch))['xfs']!)) t.is(finding, null);
  });
}

/**
 * Legal variations: diffs against `impl/` that change what it does within what the specification permits. Nothing may be
 * reported of them; what is reported is a false alarm of a check, the model or the crash judge.
 */
import { VARIATIONS_FOLDER } from '../../properties/variations/index.js';
import { patchIn, slugsIn } from './kept.js';
import type { Patch } from './patch.js';

/** By name. */
export function legalVariations(): readonly Patch[] {
  return slugsIn(VARIATIONS_FOLDER).map(slug => patchIn(VARIATIONS_FOLDER, slug));
}

const HEAD = `# Legal variations

What a checker must not report matters as much as what it must. These diffs in \`properties/variations\` change what our
implementation does in ways that the specification permits: other amounts, other orders, more work or less, later or earlier. The
campaign has to be silent about all of them, as it will have to be about implementations by others.

    npx iomap-check bugs --patch properties/variations/SLUG.diff --no-control

has to say "missed" of each, which is exit status 1 as for any bug that is not found: three campaigns of 400,000 operations, some
minutes. The tests run a short campaign on every one, and see that nearly all behave otherwise in it than the unchanged
implementation; longer ones were run when it was written.
`;

export function variationsPage(variations: readonly Patch[]): string {
  const rows = variations.map(({ slug, headers }) => {
    const link = `[${slug}](../properties/variations/${slug}.diff)`;
    return `| ${link} | ${headers.get('varies') ?? ''} | ${headers.get('permitted') ?? ''} |`;
  });
  return `${HEAD}\n${['| variation | what is done otherwise | why it may be |', '|---|---|---|', ...rows].join('\n')}\n`;
}

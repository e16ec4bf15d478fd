/**
 * Shows that a rule's check bites: puts a mutation that it kills into a private copy of the implementation, and replays
 * the mutation's stored trace with it and without. Which mutation that is for which rule is said in
 * `properties/mutations/killers`; a rule without a check of its own is looked after by those of what follows from it.
 */
import type { RuleId } from '../../model/contract/index.js';
import { MUTATION_TRACES, MUTATIONS_FOLDER } from '../../properties/mutations/index.js';
import { KILLERS, type RuleKiller } from '../../properties/mutations/killers.js';
import type { CatalogueEntry } from '../../properties/rules/index.js';
import type { Trace } from '../../traces/format/index.js';
import { patchIn, traceIn } from './kept.js';
import type { Patch } from './patch.js';
import { type Testimony, testimonies } from './witness.js';

/** A mutation with the trace that shows it. */
export interface Evidence {
  readonly patch: Patch;
  readonly trace: Trace;
}

/** The guards of an entry by which it can be shown, those that report under its own id first. */
function reporting({ id, guards }: CatalogueEntry): readonly RuleId[] {
  const ids = guards.filter(({ by }) => by !== 'validate').map(guard => guard.id);
  return ids.includes(id) ? [id, ...ids.filter(other => other !== id)] : ids;
}

/** The mutation that a check of this rule kills, if one is kept; the first guard that has one decides. */
export function killerOf(entry: CatalogueEntry): RuleKiller | null {
  for (const id of reporting(entry)) {
    const killer = KILLERS.find(({ rule }) => rule === id);
    if (killer !== undefined) return killer;
  }
  return null;
}

export function evidenceOf({ mutation, trace = mutation }: RuleKiller): Evidence {
  return { patch: patchIn(MUTATIONS_FOLDER, mutation), trace: traceIn(MUTATION_TRACES, trace) };
}

/** What the evidence shows: killed if the mutation is reported by just this rule, and nothing is without it. */
export async function verify(
  { rule }: RuleKiller,
  { patch, trace }: Evidence,
): Promise<Testimony & { readonly killed: boolean }> {
  const [said] = await testimonies(patch, [trace]);
  const { patched, unpatched } = said!;
  return { patched, unpatched, killed: patched?.id === rule && unpatched === null };
}

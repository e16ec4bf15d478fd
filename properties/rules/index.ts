/**
 * The catalogue: every rule and invariant of the specification with its sentence, and what would notice if it were broken.
 * A rule is guarded by a check of its own id and by the guards of each invariant that follows from it; all of this derives
 * from the lists of rules, of checks, and of rules about kernel traces.
 */
import type { RuleId } from '../../model/contract/index.js';
import { CHECKS } from '../checks/registry.js';
import { kernelRules } from '../kernel/rules/index.js';
import { crashRules } from './crash.js';
import { daxSeekReportRules } from './dax-seek-report.js';
import { directIoRules } from './direct-io.js';
import { filesystemsRules } from './filesystems.js';
import { cacheStateInvariants } from './invariants/cache-state.js';
import { contentInvariants } from './invariants/content.js';
import { directIoInvariants } from './invariants/direct-io.js';
import { durabilityInvariants } from './invariants/durability.js';
import { locksInvariants } from './invariants/locks.js';
import { mappingInvariants } from './invariants/mapping.js';
import { spaceInvariants } from './invariants/space.js';
import { writebackInvariants } from './invariants/writeback.js';
import { lockingAndRacesRules } from './locking-and-races.js';
import { mappingRules } from './mapping.js';
import { CRASH_RULES, MODEL_CASES, MODEL_RULES, RUNNER_RULES } from './other-guards.js';
import { pagecacheRules } from './pagecache.js';
import type { CatalogueEntry, Guard, Invariant, RuleText } from './rule.js';
import { writebackRules } from './writeback.js';

export type { CatalogueEntry, Guard, Invariant, RuleText } from './rule.js';

const parts: readonly (readonly [source: string, rules: readonly RuleText[]])[] = [
  ['mapping.md', mappingRules],
  ['pagecache.md', pagecacheRules],
  ['writeback.md', writebackRules],
  ['direct-io.md', directIoRules],
  ['dax-seek-report.md', daxSeekReportRules],
  ['locking-and-races.md', lockingAndRacesRules],
  ['crash.md', crashRules],
  ['filesystems.md', filesystemsRules],
];

export const INVARIANTS: readonly Invariant[] = [
  ...mappingInvariants,
  ...spaceInvariants,
  ...cacheStateInvariants,
  ...contentInvariants,
  ...writebackInvariants,
  ...directIoInvariants,
  ...durabilityInvariants,
  ...locksInvariants,
];

function guardsOf(id: RuleId): readonly Guard[] {
  const guards: Guard[] = [];
  for (const check of CHECKS) {
    if (check.id !== id) continue;
    guards.push({ by: 'check', id, compares: check.checks, exercised: check.exercised, silent: check.silent ?? null });
  }
  const byModel = MODEL_CASES.get(id) ?? id;
  if (MODEL_RULES.includes(byModel))
    guards.push({
      by: 'model',
      id: byModel,
      compares: CRASH_RULES.includes(id)
        ? 'what is recovered after a loss of power, with the permitted states'
        : 'what a call answers, with the permitted answers',
      exercised: null,
      silent: null,
    });
  for (const [runs, compares] of RUNNER_RULES)
    if (runs === id) guards.push({ by: 'runner', id, compares, exercised: null, silent: null });
  for (const rule of kernelRules) {
    if (!rule.sources.includes(id)) continue;
    guards.push({ by: 'validate', id: rule.id, compares: rule.sentence, exercised: rule.exercised, silent: null });
  }
  return guards;
}

function build(): readonly CatalogueEntry[] {
  const invariants = INVARIANTS.map(
    (invariant): CatalogueEntry => ({
      ...invariant,
      kind: 'invariant',
      source: 'invariants.md',
      guards: guardsOf(invariant.id),
    }),
  );
  const rules = parts.flatMap(([source, texts]) =>
    texts.map(([id, sentence]): CatalogueEntry => {
      const through = invariants.filter(invariant => invariant.from.includes(id)).flatMap(({ guards }) => guards);
      const guards = [...guardsOf(id), ...through];
      const distinct = guards.filter(
        (guard, i) => guards.findIndex(it => it.id === guard.id && it.by === guard.by) === i,
      );
      return { id, kind: 'rule', source, name: null, scope: null, sentence, from: [], guards: distinct };
    }),
  );
  return [...invariants, ...rules];
}

let built: readonly CatalogueEntry[] | null = null;

/** True for the id of a rule or an invariant. */
export function isRule(id: RuleId): boolean {
  return catalogue().some(entry => entry.id === id);
}

/** Invariants first, then the rules by part of the specification. */
export function catalogue(): readonly CatalogueEntry[] {
  return (built ??= build());
}

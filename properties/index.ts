/** What must hold: the catalogue of rules, the checks that are always on, and the generators of programs. */
import { type CheckSet, Checks } from './checks/engine/check-set.js';
import type { CheckInput } from './checks/engine/world.js';
import { CHECKS } from './checks/registry.js';

export type { CheckSet } from './checks/engine/check-set.js';
export type { ChartCoverage, CheckDefinition } from './checks/engine/definition.js';
export type { CheckInput } from './checks/engine/world.js';
export { CHECKS } from './checks/registry.js';

/** All checks for one target, ready for its first sequence; `reset` makes them ready for the next. */
export function createChecks(input: CheckInput): CheckSet {
  return new Checks(CHECKS, input);
}

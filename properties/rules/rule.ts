/** What the catalogue holds: rules and invariants of the specification, and who looks after each of them. */
import type { RuleId } from '../../model/contract/index.js';

/** A rule as the specification states it. */
export type RuleText = readonly [id: RuleId, sentence: string];

/** A global invariant (invariants.md). */
export interface Invariant {
  readonly id: RuleId;
  readonly name: string;
  /**
   * When it must hold (E after every step, F the same for unlocked folios, O when an operation returns, Q when all is quiet,
   * K after recovery, T over the trace of events) and where it can be seen (V through calls alone, H with hooks into hidden
   * state, D with a device trace).
   */
  readonly scope: string;
  readonly sentence: string;
  /** The rules it follows from. */
  readonly from: readonly RuleId[];
}

/** Something that would notice if the rule were broken. */
export interface Guard {
  /** `check`: always on; `model`: the reference model's answers; `runner`: the scheduler; `validate`: kernel traces. */
  readonly by: 'check' | 'model' | 'runner' | 'validate';
  /** The id under which it reports. */
  readonly id: string;
  readonly compares: string;
  readonly exercised: string | null;
  readonly silent: string | null;
}

/** A rule or invariant with everything known about it. */
export interface CatalogueEntry {
  readonly id: RuleId;
  readonly kind: 'rule' | 'invariant';
  /** The part of the specification that states it. */
  readonly source: string;
  readonly name: string | null;
  readonly scope: string | null;
  readonly sentence: string;
  readonly from: readonly RuleId[];
  readonly guards: readonly Guard[];
}

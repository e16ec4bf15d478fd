/**
 * What a check of this room is made of. A definition is data (which rule, what is compared, what it listens to) with a
 * maker; the set of checks dispatches events to those who asked for them and compiles the block and folio rules into
 * tables, so that a definition costs nothing where it is not concerned.
 */

import type { ChartTransition } from '../../../model/charts/compile.js';
import type {
  Check,
  EventName,
  Finding,
  FolioView,
  IterStep,
  OperationName,
  RuleId,
} from '../../../model/contract/index.js';
import type { BlockState } from './block-state.js';
import type { FileTrack } from './file-track.js';
import type { FolioState } from './folio-state.js';
import type { World } from './world.js';

/** A predicate over the state of one block, compiled into a table over all states. */
export interface BlockRule {
  /** Does the rule say anything about this state? Then the check counts as exercised. */
  concerns(block: BlockState): boolean;
  holds(block: BlockState): boolean;
}

/** A predicate over the state of one folio. */
export interface FolioRule {
  concerns(folio: FolioState): boolean;
  holds(folio: FolioState): boolean;
}

/** How often each transition of a statechart was taken since `clearCounts`. */
export interface ChartCoverage {
  readonly chart: string;
  readonly transitions: readonly ChartTransition[];
  readonly taken: Float64Array;
}

/** A check at work. `exercised` counts how often the rule had something to say. */
export interface PropertyCheck extends Check {
  /** A check that runs from a statechart tells what it covered. */
  readonly coverage?: ChartCoverage;
  /** A new sequence begins: the world is empty again. */
  reset?(): void;
  /** A block breaks the check's block rule; a closer look may excuse it. `row` is its row in `file.rows`. */
  judgeBlock?(file: FileTrack, row: number): Finding | null;
  /** A folio breaks the check's folio rule. */
  judgeFolio?(file: FileTrack, folio: FolioView): Finding | null;
  /** A file was looked at after something in it changed. */
  scanned?(file: FileTrack): Finding | null;
}

export interface CheckDefinition {
  readonly id: RuleId;
  /** One sentence: what is compared with what. */
  readonly checks: string;
  /** What has to happen for the check to count as exercised once. */
  readonly exercised: string;
  /** When the check has to be silent, with the rule that says so. */
  readonly silent?: string;
  /** The events the check wants to hear. */
  readonly hears?: readonly EventName[];
  /** The steps of mapping iterations that it wants to hear. */
  readonly steps?: readonly IterStep[];
  /** The operations whose answers it wants to see; all of them if absent. */
  readonly answers?: readonly OperationName[];
  readonly block?: BlockRule;
  readonly folio?: FolioRule;
  make(world: World): PropertyCheck;
}

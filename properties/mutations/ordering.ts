/**
 * Faults of ordering: what an implementation may get wrong between data, metadata and the log, so that nothing shows until
 * power is lost (crash.md section 11). Each is a diff like those of the mutation table, most of them rows of it; beside it
 * stands a bounded program in whose crash states it shows. The campaign finds them too.
 */
import type { RuleId } from '../../model/contract/index.js';
import type { MutationRow } from './index.js';

/** The rows of crash.md section 11 that the table of invariants.md does not have. */
export const CRASH_MUTATIONS: readonly MutationRow[] = [
  { row: 'drop PREFLUSH', killedBy: ['INV-68', 'INV-60', 'INV-61'], diffs: ['log-without-flush'] },
  {
    row: 'skipping flush of EOF block on truncate',
    killedBy: ['INV-69', 'INV-65'],
    diffs: ['truncate-leaves-old-tail'],
  },
];

export interface OrderingFault {
  readonly fault: string;
  /** Slug of the diff. */
  readonly diff: string;
  /** A program of `explore --crash` that shows it, and the rule that a crash state of it breaks. */
  readonly program: string;
  readonly shows: RuleId;
}

export const ORDERING_FAULTS: readonly OrderingFault[] = [
  {
    fault: 'size logged before data',
    diff: 'dsize-at-write-time',
    program: 'append-part+fdatasync',
    shows: 'INV-61',
  },
  {
    fault: 'conversion before completion',
    diff: 'convert-before-write',
    program: 'punch-blocks,write-blocks+other',
    shows: 'INV-60',
  },
  {
    fault: 'unwritten conversion of the whole extent',
    diff: 'convert-whole-extent',
    program: 'prealloc-blocks,append-blocks',
    shows: 'INV-60',
  },
  { fault: 'FUA with dirty metadata', diff: 'fua-although-dirty', program: 'dsync-part', shows: 'INV-61' },
  { fault: 'log record without preceding flush', diff: 'log-without-flush', program: 'nothing', shows: 'INV-60' },
  {
    fault: 'freed block reused before commit',
    diff: 'freed-block-reused-at-once',
    program: 'punch-blocks,append-blocks',
    shows: 'INV-60',
  },
  {
    fault: 'no zeroing of the tail at size extension',
    diff: 'no-zeroing-at-size-extension',
    program: 'map-behind,append-blocks',
    shows: 'INV-60',
  },
  {
    fault: 'cut-off tail not written before a larger size',
    diff: 'truncate-leaves-old-tail',
    program: 'truncate-down-part,dsync-part',
    shows: 'INV-65',
  },
];

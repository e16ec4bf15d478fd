/**
 * The mutation table of the specification (invariants.md section 10), by which the checker itself is validated: each row
 * names mistakes an implementation can make, and the entries that have to kill them. Every mistake whose machinery exists
 * is a unified diff against `impl/` beside this file, `SLUG.diff`, whose header lines say what it breaks; the others say
 * what they wait for.
 */
import type { RuleId } from '../../model/contract/index.js';

export interface MutationRow {
  /** The row's words. */
  readonly row: string;
  /** What has to kill it, all alternatives of the row together. */
  readonly killedBy: readonly RuleId[];
  /** Slugs of the diffs. */
  readonly diffs: readonly string[];
  /** What the row, or part of it, needs and is not there yet. */
  readonly waitsFor?: string;
}

/** Where the diffs lie. The shrunk trace of each, `SLUG.trace`, lies in the corpus. */
export const MUTATIONS_FOLDER: URL = new URL('../../../properties/mutations/', import.meta.url);
export const MUTATION_TRACES: URL = new URL('../../../traces/corpus/mutations/', import.meta.url);

export const MUTATION_TABLE: readonly MutationRow[] = [
  {
    row: 'skip validity check / never bump cookie on conversion',
    killedBy: ['INV-07', 'INV-08', 'INV-26'],
    diffs: ['skip-validity-check', 'conversion-keeps-cookie'],
  },
  {
    row: 'punch ignores D bits / ignores cache / punches existing reservations',
    killedBy: ['INV-12', 'INV-17'],
    diffs: ['punch-ignores-dirty-bits', 'punch-ignores-cache', 'punch-takes-existing-reservations'],
  },
  { row: 'no punch after short write', killedBy: ['INV-13', 'INV-16'], diffs: ['no-punch-after-short-write'] },
  {
    row: 'punch by folio instead of by block',
    killedBy: ['INV-12', 'INV-13'],
    diffs: ['punch-by-folio-keeps-too-much', 'punch-by-folio-takes-too-much'],
  },
  {
    row: 'mark U before fill; accept short copy on not-U block',
    killedBy: ['INV-25', 'INV-26'],
    diffs: ['uptodate-before-fill', 'short-copy-into-block-not-uptodate'],
  },
  {
    row: 'read over U blocks in a partially uptodate folio',
    killedBy: ['INV-26', 'INV-32'],
    diffs: ['read-over-uptodate-blocks'],
  },
  {
    row: 'clear D after the I/O instead of before',
    killedBy: ['INV-28', 'INV-40'],
    diffs: ['clean-after-writeback'],
  },
  { row: 'drop bias of `wpend` early', killedBy: ['INV-23', 'INV-24'], diffs: ['write-bias-dropped-early'] },
  {
    row: 'raise `isize` before copy; `dsize` at write time',
    killedBy: ['INV-35', 'INV-44', 'INV-64', 'INV-68'],
    diffs: ['isize-before-copy', 'dsize-at-write-time'],
  },
  {
    row: 'no zero of tail at writeback / no zeroing at size extension',
    killedBy: ['INV-47', 'INV-60', 'INV-27'],
    diffs: ['no-tail-zeroing-at-writeback', 'no-zeroing-at-size-extension'],
  },
  {
    row: 'convert unwritten before I/O completes; clear writeback before conversion',
    killedBy: ['INV-42', 'INV-60', 'INV-77', 'INV-61'],
    diffs: ['convert-before-write', 'writeback-ends-before-conversion'],
  },
  {
    row: 'convert whole extent instead of I/O range',
    killedBy: ['INV-42', 'INV-60'],
    diffs: ['convert-whole-extent'],
  },
  {
    row: 'ioend merge ignores UNWRITTEN, SHARED or sector contiguity',
    killedBy: ['INV-45', 'INV-42', 'INV-41'],
    diffs: ['ioend-ignores-unwritten', 'ioend-ignores-shared', 'ioend-ignores-sectors'],
  },
  {
    row: 'failed ioend updates size; discard leaves reservation',
    killedBy: ['INV-44', 'INV-65', 'INV-49', 'INV-13'],
    diffs: ['failed-ioend-updates-size', 'discard-leaves-reservation'],
  },
  {
    row: 'error flag consumed by internal flush; sampled wrongly at open',
    killedBy: ['INV-48'],
    diffs: ['flush-consumes-error', 'error-sampled-at-open'],
  },
  {
    row: 'omit second invalidation, or do it before conversion',
    killedBy: ['INV-53', 'INV-31'],
    diffs: ['no-second-invalidation', 'invalidation-before-conversion'],
  },
  {
    row: 'no tail zeroing in NEW/unwritten direct write',
    killedBy: ['INV-52', 'INV-60'],
    diffs: ['no-tail-zeroing-in-direct-write'],
  },
  { row: 'FUA although mapping DIRTY', killedBy: ['INV-66', 'INV-61'], diffs: ['fua-although-dirty'] },
  { row: 'SEEK ignores cache over UNWRITTEN', killedBy: ['INV-37'], diffs: ['seek-ignores-cache'] },
  { row: 'FIEMAP without lag (LAST wrong)', killedBy: ['INV-38', 'FM-03'], diffs: ['fiemap-without-lag'] },
  {
    row: 'zero_range ignores dirty cache over unwritten',
    killedBy: ['INV-33'],
    diffs: ['zero-ignores-dirty-cache'],
  },
  {
    row: 'unshare skips partially uptodate folios',
    killedBy: ['INV-34'],
    diffs: ['unshare-skips-partial-folios'],
  },
  {
    row: 'COW source overwritten; old blocks freed before commit',
    killedBy: ['INV-41', 'INV-43', 'INV-65', 'INV-67'],
    diffs: ['direct-write-over-shared-blocks', 'writeback-over-shared-blocks', 'freed-block-reused-at-once'],
  },
  {
    row: 'OVERWRITE_ONLY allocates; NOWAIT dirties then fails',
    killedBy: ['INV-18'],
    diffs: ['overwrite-only-allocates', 'nowait-dirties-then-fails'],
  },
  {
    row: 'end omitted on error path; begin after failed begin',
    killedBy: ['INV-04'],
    diffs: ['end-omitted-on-error', 'begin-after-failed-begin'],
  },
  {
    row: 'truncate without waiting for direct I/O',
    killedBy: ['INV-50', 'INV-41'],
    diffs: ['truncate-without-waiting'],
  },
  {
    row: 'lock order L7 → L5 in iomap ext4 path',
    killedBy: ['INV-70', 'INV-73'],
    diffs: [],
    waitsFor: 'the ext4 reference file system',
  },
];

/** Mistakes that the table does not name, for rules that nothing in it breaks. */
export const FURTHER_MUTATIONS: readonly MutationRow[] = [
  {
    row: 'an atomic write that may be torn',
    killedBy: ['INV-57'],
    diffs: ['atomic-write-unprotected', 'atomic-write-block-by-block'],
  },
  {
    row: 'an operation found stale does not finish',
    killedBy: ['MAP-66', 'PC-30'],
    diffs: ['re-begin-forgets-the-rest', 'staleness-counted-as-failure'],
  },
  {
    row: 'an operation begins again without end while nobody changes the map',
    killedBy: ['INV-73'],
    diffs: ['stale-while-under-writeback'],
  },
  {
    row: 'a block skips a state of its life',
    killedBy: ['WB-16', 'PC-04', 'INV-42', 'INV-60'],
    diffs: ['delayed-blocks-written-at-once', 'reclaim-under-writeback'],
  },
  { row: 'a mapping that breaks the rules is used', killedBy: ['INV-58'], diffs: ['mappings-are-trusted'] },
  { row: 'a write goes on after a shutdown', killedBy: ['INV-76'], diffs: ['writes-go-on-after-shutdown'] },
];

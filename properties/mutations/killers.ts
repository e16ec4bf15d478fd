/**
 * For every rule that a check, the model or the runner can report: what shows that it does report when the rule is broken.
 *
 * That is a mutation whose stored trace makes just this rule speak first, be it one of the tables (`index`, `interleavings`)
 * or one made for the rule alone, in the folder `by-rule`. The latter are as small as can be, are no rows of a table, and
 * are not hunted: `docs/mutations.md` says how fast the campaign finds mistakes, this list only that each check can fail.
 * Where another rule always speaks first, or nothing that `impl/` can do breaks the rule, a test feeds the check, or the
 * model, something wrong by hand. `iomap-check rules --verify ID` shows it.
 */
import type { RuleId } from '../../model/contract/index.js';

export interface RuleKiller {
  readonly rule: RuleId;
  /** The diff below this folder, without its ending. */
  readonly mutation: string;
  /** Its trace, where that is not the mutation's own, which shows another rule. */
  readonly trace?: string;
}

export interface ShownByTest {
  readonly rule: RuleId;
  /** The test, by file and title. */
  readonly file: string;
  readonly title: string;
  /** Why no mutation shows it. */
  readonly because: string;
}

export const KILLERS: readonly RuleKiller[] = [
  { rule: 'FM-03', mutation: 'fiemap-without-lag' },
  { rule: 'INV-03', mutation: 'races/direct-read-of-delayed-blocks' },
  { rule: 'INV-04', mutation: 'begin-after-failed-begin' },
  { rule: 'INV-07', mutation: 'conversion-keeps-cookie' },
  { rule: 'INV-08', mutation: 'skip-validity-check' },
  { rule: 'INV-13', mutation: 'discard-leaves-reservation' },
  { rule: 'INV-16', mutation: 'no-punch-after-short-write' },
  { rule: 'INV-17', mutation: 'punch-by-folio-takes-too-much' },
  { rule: 'INV-18', mutation: 'overwrite-only-allocates' },
  { rule: 'INV-22', mutation: 'clean-after-writeback' },
  { rule: 'INV-23', mutation: 'write-bias-dropped-early' },
  { rule: 'INV-25', mutation: 'uptodate-before-fill' },
  { rule: 'INV-26', mutation: 'nowait-dirties-then-fails' },
  { rule: 'INV-30', mutation: 'read-over-uptodate-blocks' },
  { rule: 'INV-33', mutation: 'zero-ignores-dirty-cache' },
  { rule: 'INV-34', mutation: 'unshare-skips-partial-folios' },
  { rule: 'INV-35', mutation: 'isize-before-copy' },
  { rule: 'INV-37', mutation: 'seek-ignores-cache' },
  { rule: 'INV-38', mutation: 'races/unaligned-writes-side-by-side' },
  { rule: 'INV-42', mutation: 'convert-before-write' },
  { rule: 'INV-44', mutation: 'dsize-at-write-time' },
  { rule: 'INV-45', mutation: 'ioend-ignores-sectors' },
  { rule: 'INV-47', mutation: 'no-tail-zeroing-at-writeback' },
  { rule: 'INV-48', mutation: 'error-sampled-at-open' },
  { rule: 'INV-50', mutation: 'truncate-without-waiting' },
  { rule: 'INV-52', mutation: 'no-tail-zeroing-in-direct-write' },
  { rule: 'INV-53', mutation: 'no-second-invalidation' },
  { rule: 'INV-57', mutation: 'atomic-write-block-by-block' },
  { rule: 'INV-58', mutation: 'mappings-are-trusted' },
  { rule: 'INV-66', mutation: 'fua-although-dirty' },
  { rule: 'INV-69', mutation: 'truncate-leaves-old-tail' },
  { rule: 'INV-70', mutation: 'locks/invalidate-lock-before-inode-lock' },
  { rule: 'INV-71', mutation: 'locks/inode-lock-dropped-early' },
  { rule: 'INV-72', mutation: 'locks/invalidate-lock-left-behind' },
  { rule: 'INV-73', mutation: 'stale-while-under-writeback' },
  { rule: 'INV-76', mutation: 'writes-go-on-after-shutdown' },
  { rule: 'MAP-66', mutation: 're-begin-forgets-the-rest' },
  { rule: 'PC-04', mutation: 'reclaim-under-writeback' },
  { rule: 'WB-16', mutation: 'delayed-blocks-written-at-once' },
  { rule: 'WB-50', mutation: 'failed-ioend-updates-size' },
];

export const SHOWN_BY_TESTS: readonly ShownByTest[] = [];

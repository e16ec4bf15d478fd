/** The state of one folio as a number of 14 bits; rules about single folios are compiled like those about blocks. */
import type { FolioView } from '../../../model/contract/index.js';
import { compileRules, type RuleTable } from './block-state.js';
import type { FolioRule } from './definition.js';

export interface FolioState {
  readonly uptodate: boolean;
  readonly dirty: boolean;
  readonly locked: boolean;
  readonly writeback: boolean;
  readonly blockState: boolean;
  readonly reading: boolean;
  readonly writing: boolean;
  /** A pending counter is below zero. */
  readonly negative: boolean;
  /** Somebody holds references beyond the cache's own. */
  readonly referenced: boolean;
  /** All of its blocks are uptodate; some block is dirty. */
  readonly allUptodate: boolean;
  readonly someDirty: boolean;
  /** Wholly at or behind the in-core size. */
  readonly behindEnd: boolean;
  readonly quiet: boolean;
}

const names = [
  'uptodate',
  'dirty',
  'locked',
  'writeback',
  'blockState',
  'reading',
  'writing',
  'negative',
  'referenced',
  'allUptodate',
  'someDirty',
  'behindEnd',
  'quiet',
] as const satisfies readonly (keyof FolioState)[];

const CODES = 1 << names.length;

/** The number of a folio's state. */
export function folioCode(
  folio: FolioView,
  allUptodate: boolean,
  someDirty: boolean,
  isize: number,
  quiet: boolean,
): number {
  let code = folio.uptodate ? 1 : 0;
  if (folio.dirty) code |= 2;
  if (folio.locked) code |= 4;
  if (folio.writeback) code |= 8;
  if (folio.hasBlockState) code |= 16;
  const { readPending, writePending } = folio;
  if (readPending !== 0) code |= readPending > 0 ? 32 : 128;
  if (writePending !== 0) code |= writePending > 0 ? 64 : 128;
  if (folio.extraReferences > 0) code |= 256;
  if (allUptodate) code |= 512;
  if (someDirty) code |= 1024;
  if (folio.pos >= isize) code |= 2048;
  return quiet ? code | 4096 : code;
}

function decodeFolio(code: number): FolioState {
  return Object.fromEntries(names.map((name, bit) => [name, (code & (1 << bit)) !== 0])) as unknown as FolioState;
}

/** The table of rules about folios. */
export function compileFolioRules(rules: readonly FolioRule[]): RuleTable {
  return compileRules(rules, CODES, decodeFolio);
}

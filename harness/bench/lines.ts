/**
 * What the benchmark of throughput measures: the mix of fsx (`FSX_MIX`) with nothing injected, beside a plain loop over the
 * same lengths; and of the default mix the concurrent part (three tasks), what injections cost with three tasks and with
 * one, in tiny geometry and in 4 KiB blocks, and one task with and without what came with sharing and direct I/O.
 */
import type { OperationName } from '../../model/contract/index.js';
import { FSX_MIX } from '../../properties/generate/index.js';
import { PARTS, TASK_PARTS } from '../campaign/parts.js';
import type { CampaignShape } from '../campaign/sequence.js';

export interface Line {
  readonly what: string;
  readonly shape: CampaignShape;
  /** Operations of a round. */
  readonly operations: number;
  /** Measured beside the plain loop. */
  readonly plain: boolean;
}

const usual: CampaignShape = {
  seed: 'bench',
  fs: 'xfs',
  inject: [],
  parts: PARTS.filter(({ name }) => name === 'tiny'),
  without: [],
  known: [],
  strategy: null,
};
const injected: CampaignShape = { ...usual, inject: ['race', 'stale', 'error', 'reclaim'] };
const threeTasks = TASK_PARTS.filter(({ name }) => name === 'tiny, 3 tasks');
const pages = PARTS.filter(({ name }) => name === '4096');
/** What came with sharing and direct I/O. */
const LATER: readonly OperationName[] = ['reflink', 'dedupe', 'copy', 'unshare', 'dread', 'dwrite'];

const MANY = 50_000;
const FEW = 20_000;
const FEWEST = 5000;

export const LINES: readonly Line[] = [
  { what: 'tiny, mix of fsx', shape: { ...usual, mix: FSX_MIX }, operations: MANY, plain: true },
  { what: '4096, mix of fsx', shape: { ...usual, parts: pages, mix: FSX_MIX }, operations: FEW, plain: true },
  { what: 'tiny, three tasks, default mix', shape: { ...usual, parts: threeTasks }, operations: MANY, plain: false },
  {
    what: 'tiny, three tasks, default mix with race, stale, error and reclaim',
    shape: { ...injected, parts: threeTasks },
    operations: MANY,
    plain: false,
  },
  {
    what: 'tiny, default mix with race, stale, error and reclaim',
    shape: injected,
    operations: MANY,
    plain: false,
  },
  {
    what: '4096, default mix with race, stale, error and reclaim',
    shape: { ...injected, parts: pages },
    operations: FEWEST,
    plain: false,
  },
  { what: 'tiny, default mix', shape: usual, operations: MANY, plain: false },
  {
    what: 'tiny, default mix without sharing and direct I/O',
    shape: { ...usual, without: LATER },
    operations: MANY,
    plain: false,
  },
];

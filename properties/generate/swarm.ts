/**
 * Swarm testing: every sequence draws its own weights, leaving some operations out altogether and preferring others, so
 * that rare combinations are not drowned by an average mix. The mean over many sequences is the mix of fsx: one part for
 * each operation, two for read and for write.
 */
import { OPERATION_NAMES, type OperationName } from '../../model/contract/index.js';
import type { Random } from './random.js';

/** How often each operation occurs relative to the others, before swarming. Operations of 0 are never generated. */
export type Mix = Readonly<Record<OperationName, number>>;

const NEVER = 0;
/** What ends most of what was going on is in the way of everything else if it is more than now and then. */
const RARELY = 0.5;

/** The mix of fsx, with the calls that fsx makes between operations and the background beside it. */
export const DEFAULT_MIX: Mix = {
  read: 8,
  write: 8,
  dread: 3,
  dwrite: 4,
  mapread: 4,
  mapwrite: 4,
  mmap: RARELY,
  munmap: RARELY,
  msync: 1,
  truncate: 4,
  falloc: 4,
  punch: 4,
  zero: 4,
  collapse: 3,
  insert: 3,
  unshare: 2,
  reflink: 3,
  dedupe: 2,
  copy: 3,
  fsync: 2,
  fdatasync: 1,
  syncRange: 2,
  sync: RARELY,
  seekData: 1,
  seekHole: 1,
  fiemap: 1,
  stat: 1,
  open: 1,
  close: RARELY,
  dropCaches: 1,
  remount: 1,
  remove: RARELY,
  shutdown: NEVER,
  writeback: 4,
  complete: 3,
  reclaim: 4,
  migrate: 1,
  readahead: 1,
  trim: 1,
  revoke: 1,
  reuse: 2,
};

/** The mix of fsx itself: what it draws from, without direct I/O, syncs and background work. */
export const FSX_MIX: Mix = {
  ...(Object.fromEntries(OPERATION_NAMES.map(name => [name, NEVER])) as Mix),
  read: 2,
  write: 2,
  mapread: 1,
  mapwrite: 1,
  truncate: 1,
  falloc: 1,
  punch: 1,
  zero: 1,
  collapse: 1,
  insert: 1,
  reflink: 1,
  dedupe: 1,
  copy: 1,
};

/** Slots of a selector; a power of two, so that a mask picks one. */
const SLOTS = 256;

/** A table of 256 operations, by their numbers; an integer picks one by its low eight bits. */
export type Selector = Uint8Array;

/** Draws the weights of one sequence: each operation is left out, as usual, or preferred. Writes are never left out. */
export function drawSelector(mix: Mix, random: Random): Selector {
  const weights = new Float64Array(OPERATION_NAMES.length);
  let total = 0;
  for (let operation = 0; operation < weights.length; operation++) {
    const name = OPERATION_NAMES[operation]!;
    const draw = random.below(8);
    if (draw < 2 && name !== 'write') continue;
    total += weights[operation] = draw === 7 ? mix[name] * 4 : mix[name];
  }
  const selector = new Uint8Array(SLOTS);
  let sum = 0;
  let slot = 0;
  for (let operation = 0; operation < weights.length; operation++) {
    sum += weights[operation]!;
    const upTo = Math.round((sum / total) * SLOTS);
    selector.fill(operation, slot, upTo);
    slot = upTo;
  }
  return selector;
}

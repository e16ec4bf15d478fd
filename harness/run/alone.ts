/** Calls that begin when no other is in progress, and during which no other begins. */
import { type Call, CallFlag, type OperationName, operationTable } from '../../model/contract/index.js';

/** Calls that no lock orders, or whose effect on all files or every descriptor is judged only by itself. */
const ALONE: ReadonlySet<OperationName> = new Set([
  'copy',
  'open',
  'mmap',
  'munmap',
  'dropCaches',
  'remount',
  'remove',
  'shutdown',
]);

/** Calls that move blocks or share them: what others did before them is elsewhere afterwards. */
const MOVING: ReadonlySet<OperationName> = new Set(['collapse', 'insert', 'unshare', 'reflink', 'dedupe']);

const IS_ALONE = operationTable(name => ALONE.has(name));
const IS_MOVING = operationTable(name => MOVING.has(name));

/**
 * `ordered`: the target tells by its locks when the operation has its turn. Stores through a mapping that grow the file first
 * are two calls in one, at the sizes of two moments; and a clone to the end of its source means the end of one moment, which
 * an asynchronous write moves without a lock.
 */
export function isAlone(call: Call, ordered: boolean): boolean {
  const { operation, name, flags, length } = call;
  if (name === 'mapwrite') return (flags & CallFlag.GROW) !== 0;
  return IS_ALONE[operation]! || movesUnordered(call, ordered) || (name === 'reflink' && length === 0);
}

/** It moves blocks or shares them at a moment that no lock tells, so nobody knows where what others do beside it belongs. */
export function movesUnordered({ operation }: Pick<Call, 'operation'>, ordered: boolean): boolean {
  return !ordered && IS_MOVING[operation]!;
}

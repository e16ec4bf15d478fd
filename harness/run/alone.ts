/** Calls that begin when no other is in progress, and during which no other begins. */
import { type Call, CallFlag, type OperationName, operationTable } from '../../model/contract/index.js';

/** Calls whose effect on other files, on every descriptor or on shared storage is judged only by itself. */
const ALONE: ReadonlySet<OperationName> = new Set([
  'collapse',
  'insert',
  'unshare',
  'reflink',
  'dedupe',
  'copy',
  'sync',
  'open',
  'mmap',
  'munmap',
  'dropCaches',
  'remount',
  'remove',
  'shutdown',
]);

const IS_ALONE = operationTable(name => ALONE.has(name));

/** Stores through a mapping that grow the file first are two calls in one, at the sizes of two moments. */
export function isAlone(call: Call): boolean {
  return IS_ALONE[call.operation]! || (call.name === 'mapwrite' && (call.flags & CallFlag.GROW) !== 0);
}

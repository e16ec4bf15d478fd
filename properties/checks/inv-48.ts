/**
 * INV-48 no lost error: an error of writeback is reported by the next sync call, once, and nothing is reported without one
 * (WB-70 … 76). Covers files with the one descriptor they start with; what further descriptors see is the reference model's.
 */
import { type Call, EIO, ENOSPC, errnoName } from '../../model/contract/index.js';
import { syncsAtReturn } from './engine/call-kinds.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

const SYNCS: readonly string[] = ['fsync', 'fdatasync'];
/** Report an error, or not, depending on what they found to do. */
const CONSUMERS: readonly string[] = ['msync', 'munmap', 'sync', 'syncRange'];
const RESTARTS: readonly string[] = ['remount', 'remove', 'shutdown'];

export const inv48: CheckDefinition = {
  id: 'INV-48',
  checks: 'fsync after a recorded writeback error returns the last errno, and without a new one returns 0',
  exercised: 'an fsync or fdatasync that returned',
  silent:
    'files with more descriptors; overlapping calls; failures of the sync itself, and after calls that may have consumed the error',
  hears: ['writeback-error'],
  make(world) {
    /** Per file: the errno not reported yet (0 none), or null when that is not known until the next sync call. */
    const owed: (number | null)[] = [];
    /** Files that had a second descriptor, or lost their first. */
    const several = new Set<number>();
    const note = (call: Call, overlapped: boolean): void => {
      if (call.name === 'open' || call.name === 'close') several.add(call.file);
      if (RESTARTS.includes(call.name)) for (let i = 0; i < world.files.length; i++) owed[i] = null;
      else if (overlapped || CONSUMERS.includes(call.name) || syncsAtReturn(call)) owed[call.file] = null;
    };
    const check: PropertyCheck = {
      id: 'INV-48',
      exercised: 0,
      reset() {
        owed.length = 0;
        several.clear();
      },
      event(_kind, file, errno) {
        if (owed[file] !== null) owed[file] = errno;
        return null;
      },
      returned(call, answer) {
        const entry = world.calls.returning!;
        note(call, entry.overlapped);
        if (!SYNCS.includes(call.name) || several.has(call.file)) return null;
        const expected = owed[call.file] === undefined ? 0 : owed[call.file]!;
        owed[call.file] = entry.overlapped ? null : 0;
        if (expected === null) return null;
        check.exercised++;
        const itself = entry.faults !== world.calls.faults || (answer.error !== EIO && answer.error !== ENOSPC);
        if (answer.error === expected || (expected === 0 && itself)) return null;
        const was =
          expected === 0 ? 'no error was recorded since the last' : `writeback had recorded -${errnoName(expected)}`;
        const got = answer.error === 0 ? '0' : `-${errnoName(answer.error)}`;
        return world.finding('INV-48', call.file, -1, -1, `${call.name} returned ${got}, but ${was} (WB-71)`);
      },
    };
    return check;
  },
};

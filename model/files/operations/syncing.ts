/**
 * What the calls that write back and wait have in common: the errors they report (WB-70 … WB-72) and what is settled
 * afterwards (CR-20, WB-60).
 */
import type { Bytes, Errno } from '../../contract/index.js';
import type { FileModel } from '../state/file.js';
import { settle, settleAll } from '../state/map.js';
import type { State } from '../state/state.js';
import type { Expected } from './operation.js';

/** An error that a descriptor owes must be reported, one that it may owe may be (INV-48). */
export function expectSync(file: FileModel, expected: Expected): Expected {
  if (!file.descriptors.mayReport) return expected;
  for (const errno of file.descriptors.errnos) expected.or(errno);
  return expected;
}

/**
 * The stores of [offset, end) are on the device. What a part of a file reports leaves open what the rest still owes: its
 * I/O may have failed and not be complete yet.
 */
export function synced(state: State, file: FileModel, offset: Bytes, end: Bytes, error: Errno): void {
  if (error === 0) settle(state, file, offset, end);
}

export function syncedAll(state: State, file: FileModel, error: Errno): void {
  if (error !== 0) {
    failedSync(state, file);
    return;
  }
  // An error that work beside it met after it looked is still owed (WB-71).
  if (!state.overlap.disturbed) file.descriptors.quiet();
  settleAll(state, file);
}

/** An error was reported. What failed after the call looked is still owed (WB-71): work beside it, or what it did not wait for. */
export function failedSync(state: State, file: FileModel): void {
  file.descriptors.reported(state.overlap.disturbed || file.unwaited);
}

/**
 * What the user buffer of a transfer allows: all of it can be accessed, or only a prefix (PC-30, permitted short counts of
 * invariants.md section 9).
 */
import { type Bytes, type Call, EAGAIN, EFAULT } from '../../contract/index.js';
import type { Expected } from './operation.js';

/** A buffered transfer of `wanted` > 0 bytes: whole, or cut where the buffer ends; -EFAULT if not one byte is there. */
export function bufferedCount(call: Call, wanted: Bytes, expected: Expected): Expected {
  const { accessible } = call;
  if (accessible === 0) expected.only(EFAULT);
  else if (accessible > 0 && accessible < wanted) {
    expected.exactly(accessible);
    expected.least = 1;
  } else expected.exactly(wanted);
  return expected;
}

/** NOWAIT: -EAGAIN at any time, and a short count where something was done before (PC-31, INV-18). */
export function nowait(expected: Expected): Expected {
  expected.or(EAGAIN);
  expected.least = Math.min(expected.least, 1);
  return expected;
}

/** A direct write whose buffer ends early may go through the cache, as far as its buffer goes (DIO-08, DIO-24, MAP-35). */
export function mayGoThroughCache({ accessible }: Call, expected: Expected): void {
  if (accessible > 0) {
    expected.least = expected.success ? Math.min(expected.least, 1) : 1;
    expected.most = expected.success ? Math.max(expected.most, accessible) : accessible;
    if (!expected.success) expected.count = accessible;
    expected.success = true;
  }
  expected.or(EFAULT);
}

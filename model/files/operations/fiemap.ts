/**
 * fiemap: the extents of a range as the file system has them (section 3 of dax-seek-report.md). Judged block by block, so
 * that cutting and joining of extents does not matter. With FLUSH everything is written back first. Realizes FM-01 …
 * FM-07, INV-38.
 */
import { type Answer, type Call, CallFlag, EFBIG, EINVAL, type Finding, LARGEST_FILE } from '../../contract/index.js';
import { judgeExtents, likelyExtents, narrowToExtents } from '../judge/layout.js';
import { settleAll } from '../state/map.js';
import type { State } from '../state/state.js';
import { type Expected, flagged, type Operation } from './operation.js';

function expect(_state: State, call: Call, expected: Expected): Expected {
  if (call.length <= 0) expected.only(EINVAL);
  else if (call.offset < 0 || call.offset > LARGEST_FILE) {
    // A negative offset is a huge one to the kernel, whose start is unsigned.
    expected.only(EFBIG);
    if (call.offset < 0) expected.or(EINVAL);
  }
  return expected;
}

function flush(state: State, call: Call): void {
  if (flagged(call, CallFlag.FLUSH)) settleAll(state, state.file(call.file));
}

function judge(state: State, call: Call, answer: Answer): Finding | null {
  flush(state, call);
  const wrong = judgeExtents(state, call, answer.extents);
  if (wrong === null && flagged(call, CallFlag.FLUSH))
    narrowToExtents(state, call.file, call.offset, call.offset + call.length, answer.extents);
  return wrong;
}

function fill(state: State, call: Call, into: Answer): void {
  flush(state, call);
  into.extents = likelyExtents(state, call.file, call.offset, call.offset + call.length);
}

export const fiemap: Operation = { rule: 'INV-38', expect, judge, fill, steps: [flush], flushes: true, reports: true };

/**
 * read: pread through the page cache. Realizes PC-28, INV-30, INV-36; shows nothing that the model would not.
 */
import { type Answer, type Bytes, type Call, CallFlag, EINVAL, type Finding } from '../../contract/index.js';
import { judgeBytes, loadVisible } from '../judge/content.js';
import { narrowSize } from '../judge/sizes.js';
import { mayCache } from '../state/map.js';
import type { State } from '../state/state.js';
import { bufferedCount, nowait } from './buffers.js';
import { type Expected, flagged, type Operation } from './operation.js';

function expect(state: State, call: Call, expected: Expected): Expected {
  if (call.offset < 0) return expected.only(EINVAL);
  const file = state.file(call.file);
  const wanted = Math.max(0, Math.min(call.length, file.size - call.offset));
  if (wanted > 0) bufferedCount(call, wanted, expected);
  if (call.length > 0 && flagged(call, CallFlag.NOWAIT)) nowait(expected);
  return expected;
}

function judge(state: State, call: Call, answer: Answer): Finding | null {
  const wrong = judgeBytes(state, call, call.offset, answer.count, answer.bytes);
  if (wrong === null) narrowByCount(state, call, answer.count);
  return wrong;
}

/** A read that nothing but the end can have cut tells the size, where that was open. */
function narrowByCount(state: State, call: Call, count: Bytes): void {
  const file = state.file(call.file);
  const end = call.offset + count;
  const cut = call.accessible < 0 && !flagged(call, CallFlag.NOWAIT) && count < call.length && count > 0;
  if (file.sizeLeast < file.size && cut && end >= file.sizeLeast && !state.overlap.active) narrowSize(state, file, end);
}

/** Also what failed later may have been read until then. */
function cache(state: State, call: Call): void {
  if (call.length > 0) mayCache(state, state.file(call.file), call.offset);
}

function fill(state: State, call: Call, into: Answer): void {
  loadVisible(state, call.file, call.offset, into.count, into);
}

export const read: Operation = {
  rule: 'INV-36',
  expect,
  judge,
  fill,
  steps: [cache],
  broken: cache,
};

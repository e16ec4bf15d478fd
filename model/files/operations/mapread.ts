/**
 * mapread: loads through a shared mapping, up to the end of the page that holds the end of the file. Behind the end they
 * see zero, or what was stored there through a mapping since that page's tail was last zeroed (INV-27, PC-21). The first
 * byte in a page wholly behind the end is a bus error, told as -EFAULT.
 */
import { type Answer, type Bytes, type Call, EFAULT, EINVAL, type Finding, roundUp } from '../../contract/index.js';
import { judgeBytes, judgeTail, loadVisible } from '../judge/content.js';
import { mayCache } from '../state/map.js';
import { loadScribble } from '../state/scribble.js';
import type { State } from '../state/state.js';
import type { Expected, Operation } from './operation.js';

/** How many bytes from `offset` on can be accessed through a mapping of a file of this size. */
export function mappable(state: State, call: Call, size: Bytes): Bytes {
  return Math.max(0, Math.min(call.length, roundUp(size, state.geometry.pageSize) - call.offset));
}

function expect(state: State, call: Call, expected: Expected): Expected {
  if (call.offset < 0) return expected.only(EINVAL);
  if (call.length === 0) return expected;
  const file = state.file(call.file);
  const reach = mappable(state, call, file.size);
  if (reach === 0) expected.only(EFAULT);
  else expected.exactly(reach);
  // A target may tell the bus error instead of the bytes before it.
  if (reach < call.length) expected.or(EFAULT);
  return expected;
}

function judge(state: State, call: Call, answer: Answer): Finding | null {
  const file = state.file(call.file);
  const below = Math.max(0, Math.min(answer.count, file.size - call.offset));
  return (
    judgeBytes(state, call, call.offset, below, answer.bytes) ??
    judgeTail(state, call, call.offset + below, answer.count - below, answer.bytes, below)
  );
}

/** Reading around a fault may bring in anything, also before it fails. */
function cache(state: State, call: Call): void {
  if (call.length > 0) mayCache(state, state.file(call.file), 0);
}

function fill(state: State, call: Call, into: Answer): void {
  loadVisible(state, call.file, call.offset, into.count, into);
  loadScribble(state.file(call.file), call.offset, into.count, into.bytes);
}

export const mapread: Operation = {
  rule: 'INV-36',
  expect,
  judge,
  fill,
  steps: [cache],
  broken: cache,
};

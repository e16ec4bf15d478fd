/**
 * dread: pread with O_DIRECT. Writes the range back first, transfers whole sectors of written blocks and makes zeroes of
 * the rest. Realizes DIO-01 … DIO-03, DIO-20, DIO-21, DIO-30, DIO-36, DIO-45, DIO-46, MAP-09.
 */
import {
  type Answer,
  type Call,
  CallFlag,
  EAGAIN,
  EFAULT,
  EINVAL,
  EIO,
  type Finding,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import { judgeBytes, loadVisible } from '../judge/content.js';
import { Block, MAP_STATES, stateTable } from '../state/blocks.js';
import { blockState, findBlock, settle } from '../state/map.js';
import type { State } from '../state/state.js';
import { type Expected, flagged, type Operation } from './operation.js';

function expect(state: State, call: Call, expected: Expected): Expected {
  if (call.offset < 0) return expected.only(EINVAL);
  const file = state.file(call.file);
  if (call.length === 0) return expected;
  // Where the end is, is only known under the lock that it does not wait for.
  if (call.offset >= file.size) return flagged(call, CallFlag.NOWAIT) ? expected.or(EAGAIN) : expected;
  expected.exactly(Math.min(call.length, file.size - call.offset));
  readBuffer(state, call, expected);
  alignment(state, call, expected);
  delayedBehindEnd(state, call, expected);
  if (flagged(call, CallFlag.NOWAIT)) expected.or(EAGAIN);
  return expected;
}

/**
 * Whole sectors that the buffer has room for were read when it faults, and with PARTIAL they are the answer; where there are no
 * bios, the bytes behind them too (DIO-20, DIO-36).
 */
function readBuffer(state: State, call: Call, expected: Expected): Expected {
  const { offset, length, accessible } = call;
  const { sectorSize } = state.geometry;
  const sent = roundDown(accessible, sectorSize);
  const whole = offset % sectorSize === 0 && length % sectorSize === 0;
  if (!whole || sent <= 0 || accessible >= length || !flagged(call, CallFlag.PARTIAL))
    return directBuffer(call, expected);
  expected.exactly(Math.min(expected.count, accessible));
  expected.least = Math.min(expected.least, sent);
  return expected;
}

/** A buffer that ends early fails the whole request, unless its beginning is wanted (DIO-36, DIO-46). */
export function directBuffer(call: Call, expected: Expected): Expected {
  const { accessible } = call;
  if (accessible < 0 || accessible >= call.length) return expected;
  const partial = accessible > 0 && flagged(call, CallFlag.PARTIAL);
  if (accessible >= expected.count) {
    // Only what lies behind the end is missing, and may not be asked for.
    expected.or(EFAULT);
    if (partial) expected.least = Math.min(expected.least, 1);
  } else if (partial) {
    expected.exactly(accessible);
    expected.least = 1;
    expected.or(EFAULT);
  } else expected.only(EFAULT);
  return expected;
}

const maybePreallocated = stateTable(s => (s & Block.UNWRITTEN) !== 0);

/**
 * The walk goes on behind the end (DIO-21). Preallocation there is still delayed if the blocks before it came from copy-on-write
 * space, whose writeback converts nothing beside it, and delayed blocks are no place for direct I/O (MAP-09).
 */
function delayedBehindEnd(state: State, call: Call, expected: Expected): void {
  const file = state.file(call.file);
  const from = roundUp(file.size, state.block);
  const end = call.offset + call.length;
  if (file.hasCow && end > from && findBlock(state, file, from, end, maybePreallocated) >= 0) expected.or(EIO);
}

const maybeData = stateTable(s => (s & Block.DATA) !== 0);

/**
 * Bios need sectors; zeroes for holes and unwritten blocks do not (DIO-20). Either end may be the one that fails; and where
 * the first piece is zeroes, behind it the place in the buffer is as odd as the offset, which a device may refuse too.
 */
function alignment(state: State, call: Call, expected: Expected): Expected {
  for (const [edge, at] of [
    [call.offset, call.offset],
    [call.offset + call.length, call.offset + call.length - 1],
  ] as const) {
    if (edge % state.geometry.sectorSize === 0) continue;
    const s = blockState(state, state.file(call.file), at);
    if ((s & Block.DATA) === 0) continue;
    const faults = expected.errors.includes(EFAULT);
    if ((s & MAP_STATES) === Block.DATA && !faults) expected.only(EINVAL);
    else expected.or(EINVAL);
  }
  const { offset, length, file } = call;
  const odd = offset % state.geometry.sectorSize !== 0;
  if (odd && findBlock(state, state.file(file), offset, offset + length, maybeData) >= 0) expected.or(EINVAL);
  return expected;
}

function judge(state: State, call: Call, answer: Answer): Finding | null {
  return judgeBytes(state, call, call.offset, answer.count, answer.bytes);
}

function fill(state: State, call: Call, into: Answer): void {
  loadVisible(state, call.file, call.offset, into.count, into);
}

export const dread: Operation = {
  rule: 'INV-36',
  expect,
  judge,
  fill,
  steps: [(state, call, count) => settle(state, state.file(call.file), call.offset, call.offset + count)],
  flushes: true,
};

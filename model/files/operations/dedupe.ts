/**
 * dedupe: FIDEDUPERANGE with one target. Equal ranges are shared; bytes never change. Realizes FS-X14.
 */
import { type Answer, type Bytes, type Call, EINVAL, EOPNOTSUPP, type Finding } from '../../contract/index.js';
import { mayBeThese } from '../judge/doubts.js';
import { finding } from '../judge/findings.js';
import { copyOfBytes } from '../state/bytes.js';
import { copyBytes, sameBytes, shareBlocks } from '../state/clone.js';
import { mayCache } from '../state/map.js';
import type { State } from '../state/state.js';
import type { Expected, Operation } from './operation.js';
import { checkRemap, prepareRemap } from './remap.js';
import { certain } from './sizes.js';

/** One call looks at no more, and tells so in its count (vfs_dedupe_file_range). */
const LONGEST = 2 ** 30;

function asked(call: Call): Bytes {
  return Math.min(call.length, LONGEST);
}

function expect(state: State, call: Call, expected: Expected): Expected {
  if (call.offset < 0 || call.fromOffset < 0 || call.length < 0) return expected.only(EINVAL);
  // The source is looked at before anything else, and before the file system is asked at all.
  if (call.fromOffset + call.length > state.file(call.fromFile).size) return expected.only(EINVAL);
  if (call.length === 0) return expected;
  if (!state.options.reflink) return expected.only(EOPNOTSUPP);
  const { error } = checkRemap(state, call, asked(call), true, true);
  if (error !== 0) return expected.only(error);
  // The kernel tells the bytes asked for, though it may have cut them to whole blocks; none when the ranges differ.
  expected.most = asked(call);
  return expected;
}

function compared(state: State, call: Call): number {
  return call.length === 0 ? 0 : checkRemap(state, call, asked(call), true, true).length;
}

/** Null: it is not known, also while stores are on their way. */
function same(state: State, call: Call): boolean | null {
  if (state.overlap.accompanied) return null;
  const length = compared(state, call);
  return sameBytes(state.file(call.fromFile), call.fromOffset, state.file(call.file), call.offset, length);
}

function judge(state: State, call: Call, answer: Answer): Finding | null {
  const truth = same(state, call);
  if (truth !== null && truth === answer.differs) {
    const text = `dedupe found the ranges ${answer.differs ? 'different' : 'equal'}, and they are not`;
    return finding('DAX-32', call, call.offset, call.length, text);
  }
  const counts = answer.differs ? [0] : [asked(call), compared(state, call)];
  if (counts.includes(answer.count)) return null;
  return finding(
    'FS-X14',
    call,
    call.offset,
    call.length,
    `dedupe counts ${answer.count}; expected ${counts.join(' or ')}`,
  );
}

/** The comparison reads both through the cache, as far as it comes. */
function cacheBoth(state: State, call: Call): void {
  mayCache(state, state.file(call.fromFile), call.fromOffset);
  mayCache(state, state.file(call.file), call.offset);
}

/** The answer says whether they were equal: it counts no bytes if not. */
function shareEqual(state: State, call: Call, count: number): void {
  const length = compared(state, call);
  if (length === 0) return;
  prepareRemap(state, call, length);
  const source = state.file(call.fromFile);
  const target = state.file(call.file);
  cacheBoth(state, call);
  if (count === 0) return;
  // What was open is settled: the target shows what the source shows. Of a source whose cache hides what a direct write
  // left on the device the cache was compared and the device is shared.
  const { fromOffset, offset } = call;
  if (state.overlap.accompanied) {
    // Others may have stored since, so what the target holds stays possible.
    if (source.hasLost || target.hasLost)
      mayBeThese(target, offset, offset + length, copyOfBytes(source, fromOffset, length), 0);
  } else if (sameBytes(source, fromOffset, target, offset, length) === null) {
    certain(target, offset, offset + length);
    copyBytes(state, source, fromOffset, target, offset, length);
  }
  shareBlocks(state, source, call.fromOffset, target, call.offset, state.blockUp(length));
  source.reflinked = true;
  target.reflinked = true;
}

export const dedupe: Operation = {
  rule: 'FS-X14',
  expect,
  judge,
  fill(state, call, into) {
    into.differs = same(state, call) === false;
    into.count = into.differs ? 0 : asked(call);
  },
  steps: [shareEqual],
  broken: cacheBoth,
  blocks: () => 2,
  flushes: true,
};

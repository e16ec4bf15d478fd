/**
 * The checks that clone and dedupe have in common (the kernel's generic_remap checks), and the sharing itself. Realizes
 * FS-X14 and the errno of kernel-facts.md section 5.
 */
import { type Bytes, type Call, EFBIG, EINVAL, type Errno, LARGEST_FILE } from '../../contract/index.js';
import { copyBytes, shareBlocks } from '../state/clone.js';
import { dropCache, settle } from '../state/map.js';
import type { State } from '../state/state.js';
import { certain, extendTo, grow } from './sizes.js';

/** What a remap may do: `length` bytes, after rounding; or the errno. */
export interface Remap {
  readonly error: Errno;
  readonly length: Bytes;
}

const bad: Remap = { error: EINVAL, length: 0 };

/**
 * Checks a remap of `wanted` bytes. `dedupe` needs both ranges inside their files; `shorten` may cut the range to whole
 * blocks (dedupe, copy), a clone may not.
 */
export function checkRemap(state: State, call: Call, wanted: Bytes, dedupe: boolean, shorten: boolean): Remap {
  const from = call.fromOffset;
  const to = call.offset;
  const source = state.file(call.fromFile).size;
  const target = state.file(call.file).size;
  if (from % state.block !== 0 || to % state.block !== 0) return bad;
  if (dedupe && (from >= source || from + wanted > source || to >= target || to + wanted > target)) return bad;
  if (from >= source) return bad;
  if (to >= LARGEST_FILE) return { error: EFBIG, length: 0 };
  let length = Math.min(wanted, source - from, LARGEST_FILE - to);
  // Only a range that ends with its file may end inside a block.
  const toTheEnd = from + length === source && (!dedupe || to + length === target);
  const blocks = toTheEnd ? state.blockUp(source) - from : state.blockDown(length);
  if (!toTheEnd) length = blocks;
  if (call.file === call.fromFile && to + blocks > from && to < from + blocks) return bad;
  if (length !== wanted && !shorten) return bad;
  // Nor may the part of a block replace a whole one in the middle of the target.
  if (length % state.block !== 0 && to + length < target) {
    if (!shorten) return bad;
    length = state.blockDown(length);
  }
  return { error: 0, length };
}

/** Both ranges are written back, and the target's cache is dropped. */
export function prepareRemap(state: State, call: Call, length: Bytes): void {
  settle(state, state.file(call.fromFile), call.fromOffset, call.fromOffset + length);
  const target = state.file(call.file);
  settle(state, target, call.offset, call.offset + length);
  dropCache(state, target, state.folioDown(call.offset), state.folioUp(call.offset + length));
}

/** The target takes the blocks and the bytes; behind the old end it is zero up to them (FS-X7). */
export function share(state: State, call: Call, length: Bytes): void {
  if (length === 0) return;
  const source = state.file(call.fromFile);
  const target = state.file(call.file);
  if (call.offset > target.size) grow(state, target, call.offset);
  shareBlocks(state, source, call.fromOffset, target, call.offset, state.blockUp(length));
  certain(target, call.offset, call.offset + length);
  copyBytes(state, source, call.fromOffset, target, call.offset, length);
  extendTo(target, call.offset + length);
  source.reflinked = true;
  target.reflinked = true;
  target.history.note(call, call.offset, length);
}

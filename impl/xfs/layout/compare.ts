/**
 * Comparing two ranges for dedupe (vfs_dedupe_file_range_compare). Both are written back and nobody can store to them, so
 * what is not cached is on the device; it is read past the cache, because L3 is held and reads through the cache take it.
 */
import { type Bytes, type Errno, Fork, type Steps, Y } from '../../../model/contract/index.js';
import { WaitedBio } from '../../device/index.js';
import { contentEnd } from '../../library/buffered-read.js';
import type { Context } from '../../library/index.js';
import type { XfsInode } from '../inode.js';

/** 1 when the two ranges hold equal bytes, 0 when not, or an errno. */
export function* sameBytes(
  context: Context,
  one: XfsInode,
  from: Bytes,
  other: XfsInode,
  to: Bytes,
  length: Bytes,
): Steps<number> {
  const unit = Math.max(context.geometry.pageSize, context.geometry.blockSize);
  const left = new Uint8Array(unit);
  const right = new Uint8Array(unit);
  for (let done = 0; done < length; done += unit) {
    const bytes = Math.min(unit, length - done);
    let error = yield* load(context, one, from + done, bytes, left);
    if (error === 0) error = yield* load(context, other, to + done, bytes, right);
    if (error !== 0) return error;
    for (let i = 0; i < bytes; i++) if (left[i] !== right[i]) return 0;
  }
  return 1;
}

/** Bytes [pos, pos + length), from a block boundary on, as a reader would get them. */
function* load(context: Context, inode: XfsInode, pos: Bytes, length: Bytes, into: Uint8Array): Steps<Errno> {
  const { cache } = inode;
  const { blockSize } = inode.fs;
  for (let at = pos; at < pos + length; ) {
    const folio = cache.find(at);
    const cachedEnd = folio === null ? at : Math.min(contentEnd(folio, at, blockSize), pos + length);
    if (folio !== null && cachedEnd > at) {
      const start = folio.at + (at - folio.pos);
      into.set(cache.memory.bytes.subarray(start, start + (cachedEnd - at)), at - pos);
      at = cachedEnd;
      continue;
    }
    const bytes = Math.min(blockSize, pos + length - at);
    const error = yield* loadBlock(context, inode, at, bytes, into, at - pos);
    if (error !== 0) return error;
    at += bytes;
  }
  return 0;
}

function* loadBlock(
  context: Context,
  inode: XfsInode,
  pos: Bytes,
  length: Bytes,
  into: Uint8Array,
  at: number,
): Steps<Errno> {
  const { data } = inode;
  const block = inode.blockDown(pos);
  const index = data.find(block);
  if (index === data.count || data.first(index) > block || data.state(index) !== Fork.written) {
    into.fill(0, at, at + length);
    return 0;
  }
  const { blockSize } = inode.fs;
  const addr = data.blockAt(index, block) * blockSize;
  const bio = new WaitedBio('read', 'data', addr, new Uint8Array(blockSize), false, inode.id, pos);
  context.device.submit(bio);
  const error = yield* bio.wait(context.task, Y['Y-RL1']);
  if (error !== 0) return error;
  into.set(bio.memory.subarray(0, length), at);
  return 0;
}

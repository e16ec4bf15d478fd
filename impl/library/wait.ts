/** Writing a range back and waiting for it, for callers with a descriptor and without (WB-60, WB-61, WB-71, WB-74). */
import { type Bytes, EIO, type Errno, Ev, type Point, type Steps, Y } from '../../model/contract/index.js';
import type { ErrorCursor } from '../cache/error-sequence.js';
import { waitFolioWriteback, waitUnlocked } from '../cache/lock-folio.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';
import { writePages } from './writeback.js';

/** Waits until no folio that touches [from, to) is under writeback, completion work included (WB-61). */
export function* waitForWriteback(
  context: Context,
  inode: CachedInode,
  from: Bytes,
  to: Bytes,
  point: Point = Y['Y-WB9'],
): Steps<void> {
  const { cache } = inode;
  let cursor = from;
  while (cache.writebackCount > 0 && cursor < to) {
    const folio = cache.firstIn(cursor, to);
    if (folio === null) return;
    cursor = folio.end;
    if (folio.writeback) yield* waitFolioWriteback(cache, folio, context.task, point);
  }
}

/** Waits until what was being read when it began is read: folios are locked until then. */
export function* waitForReads(context: Context, inode: CachedInode): Steps<void> {
  const { cache } = inode;
  let cursor = 0;
  for (let folio = cache.firstIn(0, Infinity); folio !== null; folio = cache.firstIn(cursor, Infinity)) {
    cursor = folio.end;
    if (folio.lockOwner !== null) yield* waitUnlocked(cache, folio, context.task, Y['Y-RD3']);
  }
}

/** Integrity writeback of a range, waited for; tests and clears the legacy error flags (WB-74). Steps only if it is not clean. */
export function writeAndWait(context: Context, inode: CachedInode, from: Bytes, to: Bytes): Errno | Steps<Errno> {
  return isClean(inode, from, to) ? inode.errors.testAndClear() : writeThenWait(context, inode, null, from, to);
}

/** The same on behalf of a descriptor, which reports each error event once (WB-71). For fsync and its kin. */
export function fileWriteAndWait(
  context: Context,
  inode: CachedInode,
  cursor: ErrorCursor,
  from: Bytes,
  to: Bytes,
): Errno | Steps<Errno> {
  return isClean(inode, from, to) ? reportTo(cursor, context, inode) : writeThenWait(context, inode, cursor, from, to);
}

function reportTo(cursor: ErrorCursor, context: Context, inode: CachedInode): Errno {
  const reported = inode.errors.report(cursor);
  if (reported !== 0) {
    inode.errors.clearFlags();
    context.sink.emit(Ev['sync-error'], inode.id, reported, 0, 0);
  }
  return reported;
}

/** Nothing to write and nothing to wait for. */
function isClean(inode: CachedInode, from: Bytes, to: Bytes): boolean {
  const { cache } = inode;
  if (cache.dirtyCount === 0 && cache.writebackCount === 0) return true;
  for (let place = cache.placeOf(from); place < cache.folios.length; place++) {
    const folio = cache.folios[place]!;
    if (folio.pos >= to) return true;
    if (folio.dirty || folio.writeback) return false;
  }
  return true;
}

function* writeThenWait(
  context: Context,
  inode: CachedInode,
  cursor: ErrorCursor | null,
  from: Bytes,
  to: Bytes,
): Steps<Errno> {
  const errno = yield* writePages(context, inode, from, to, true);
  // WB-76: what was submitted is waited for unless the device itself refused.
  if (errno !== EIO) yield* waitForWriteback(context, inode, from, to);
  const flagged = cursor === null ? inode.errors.testAndClear() : reportTo(cursor, context, inode);
  return errno !== 0 ? errno : flagged;
}

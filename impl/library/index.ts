/**
 * The iomap library: everything a file system calls. How to use it:
 *
 * - Make a `Platform` per target (`new Platform(config, device, folioMemoryFor(geometry))`; device and folio memory may be
 *   reused from target to target) and a `Context` per call in progress (`new Context(platform, task)`). The context is the
 *   `Services` that `begin`, `end` and the writeback callbacks get, so a file system may declare them with `io: Context`.
 * - Extend `CachedInode` (locks, page cache, error sequence, counts) and give it `writebackOps`. `IomapOps<YourInode>` is
 *   passed to each operation. Sizes change through `inode.setSize` only.
 * - Operations that may wait are `Steps<…>`; `bufferedRead` returns its count at once when everything is cached:
 *   `let n = bufferedRead(…); if (typeof n !== 'number') n = yield* n;`. Counts are >= 0, errors negative errno.
 * - Locks are the caller's: L1 and L3 must be held as section 3 of locking-and-races.md says (`acquire`, `tryAcquire`).
 *   The library takes L3 shared itself in read misses and faults, and folio locks.
 * - A waiting task has `waitsFor` set and has yielded; the driver completes bios of `device.inFlight` and runs items of
 *   `platform.work` until `waitsFor.ready(task)`. Nothing completes inside `submit`.
 * - Direct I/O: `const request = new DirectRequest(context, inode, directOps, pos, length, { source } | { target }, flags)`,
 *   then `yield* directIo(context, ops, request)`. A read's buffer must reach to the end of the EOF block or of the request.
 *   -ENOTBLK or `request.fallback` means: go on with `bufferedWrite` for what the count does not cover.
 */

export { describeCached, nextCached } from '../cache/describe.js';
export { ErrorCursor, ErrorSequence } from '../cache/error-sequence.js';
export { Folio } from '../cache/folio.js';
export { FolioMemory } from '../cache/folio-memory.js';
export type { Cleaned } from '../cache/page-cache.js';
export { bufferedRead, readAhead } from './buffered-read.js';
export { bufferedWrite } from './buffered-write.js';
export {
  dropCleanFolios,
  hasCached,
  invalidateCache,
  migrateFolios,
  needsWriteback,
  truncateCache,
  unmapRange,
} from './cache-control.js';
export { CachedInode } from './cached-inode.js';
export { writeDelallocRelease } from './delalloc-release.js';
export { directIo } from './direct-io.js';
export { DirectFlag, type DirectOps, DirectRequest, EndIoFlag } from './direct-request.js';
export { fiemap } from './fiemap.js';
export type { MapOps } from './iteration.js';
export { mapLoad, mapStore } from './mapped-access.js';
export { Context, folioMemoryFor, Platform } from './platform.js';
export { seekData, seekHole } from './seek.js';
export { unshareRange } from './unshare.js';
export { bufferOf, ReadBuffer, sourceOf, WriteSource } from './user-buffer.js';
export { fileWriteAndWait, waitForReads, waitForWriteback, writeAndWait } from './wait.js';
export { writePages } from './writeback.js';
export { fillDirtyFolios, truncatePage, zeroRange } from './zero-range.js';

/**
 * Submission and completion of ioends (sections 4 and 5 of writeback.md). An ioend is one bio. Completion that needs
 * a transaction, or reports an error, becomes work: sorted, merged, handed to the file system, and only then is the
 * writeback bit cleared (WB-50).
 */
import { type Bio, type Bytes, type Errno, Ev, type Steps, type Task, Y } from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import type { FolioMemory } from '../cache/folio-memory.js';
import type { WorkItem } from '../work.js';
import type { CachedInode } from './cached-inode.js';
import type { Ioend } from './ioend.js';
import { Context } from './platform.js';

/** The write of an ioend. Its bytes are collected when the device takes them, so a racing store may still be in them (WB-03). */
class IoendBio implements Bio {
  readonly kind = 'write';
  readonly fua = false;
  readonly atomic = false;
  readonly cargo = 'data';
  readonly #inode: CachedInode;
  readonly #ioend: Ioend;
  /** Where the bytes lie in the slab, if they lie in one piece; −1 if not. */
  readonly #place: number;

  constructor(inode: CachedInode, ioend: Ioend) {
    this.#inode = inode;
    this.#ioend = ioend;
    this.#place = placeInOnePiece(ioend);
  }

  get addr(): Bytes {
    return this.#ioend.addr;
  }

  get length(): Bytes {
    return this.#ioend.bioSize;
  }

  get offset(): Bytes {
    return this.#ioend.offset;
  }

  get file(): number {
    return this.#inode.id;
  }

  get memory(): Uint8Array {
    const { memory } = this.#inode.cache;
    return this.#place >= 0 ? memory.bytes : gather(this.#ioend, memory);
  }

  get at(): number {
    return Math.max(0, this.#place);
  }

  done(status: Errno): void {
    if (this.#ioend.status === 0) this.#ioend.status = status;
    ioDone(this.#inode, this.#ioend);
  }
}

function partPlace(ioend: Ioend, part: number): number {
  const folio = ioend.folios[part]!;
  return folio.at + (ioend.starts[part]! - folio.pos);
}

/** Neighbours in the file are often neighbours in memory. */
function placeInOnePiece(ioend: Ioend): number {
  const place = partPlace(ioend, 0);
  let end = place + ioend.lengths[0]!;
  for (let part = 1; part < ioend.folios.length; part++) {
    if (partPlace(ioend, part) !== end) return -1;
    end += ioend.lengths[part]!;
  }
  return place;
}

/** Lent until the next bio is asked for its bytes. */
function gather(ioend: Ioend, memory: FolioMemory): Uint8Array {
  const slab = memory.bytes;
  const bytes = memory.scratch(ioend.bioSize);
  let to = 0;
  for (let part = 0; part < ioend.folios.length; part++) {
    const place = partPlace(ioend, part);
    const length = ioend.lengths[part]!;
    bytes.set(slab.subarray(place, place + length), to);
    to += length;
  }
  return bytes;
}

/**
 * Submits an ioend, or completes it at once if it already carries an error. Returns the errno that kept it from the device,
 * if the file system's last hook had one (WB-28).
 */
export function submitIoend(context: Context, inode: CachedInode, ioend: Ioend): Errno | Steps<Errno> {
  if (context.task.stopsAt(Y['Y-WB3'])) return submitSteps(context, inode, ioend, null);
  const hooked = inode.writebackOps.submitting?.(inode, ioend, context) ?? 0;
  return typeof hooked === 'number'
    ? sendOff(context, inode, ioend, hooked)
    : submitSteps(context, inode, ioend, hooked);
}

function* submitSteps(context: Context, inode: CachedInode, ioend: Ioend, waiting: Steps<Errno> | null): Steps<Errno> {
  if (waiting === null) yield Y['Y-WB3'];
  const hooked = waiting ?? inode.writebackOps.submitting?.(inode, ioend, context) ?? 0;
  return sendOff(context, inode, ioend, typeof hooked === 'number' ? hooked : yield* hooked);
}

function sendOff(context: Context, inode: CachedInode, ioend: Ioend, errno: Errno): Errno {
  if (errno !== 0 && ioend.status === 0) ioend.status = errno;
  ioend.deferred = inode.writebackOps.defers(inode, ioend);
  if (ioend.status !== 0) {
    ioDone(inode, ioend);
    return errno;
  }
  context.sink.emit(Ev['ioend-submit'], inode.id, ioend.offset, ioend.size, ioend.addr);
  context.device.submit(new IoendBio(inode, ioend));
  return 0;
}

/** The device is done with it, or never got it. */
function ioDone(inode: CachedInode, ioend: Ioend): void {
  if (!ioend.deferred && ioend.status === 0) {
    finishIoend(inode, ioend);
    return;
  }
  if (inode.completedIoends.push(ioend) === 1) inode.platform.work.add(new CompletionWork(inode));
}

/** `bytes` of the folio's writeback cycle are over; with the last of them the writeback bit goes (section 5 step 4). */
export function finishWriting(inode: CachedInode, folio: Folio, bytes: Bytes): void {
  folio.writing -= bytes;
  inode.cache.touch(folio);
  if (folio.writing === 0) inode.cache.endWriteback(folio);
}

/** Section 5 step 4. */
function finishIoend(inode: CachedInode, ioend: Ioend): void {
  const { sink } = inode.platform;
  if (ioend.status !== 0) {
    inode.errors.record(ioend.status);
    inode.lostWrites = true;
    sink.emit(Ev['writeback-error'], inode.id, ioend.status, 0, 0);
  }
  sink.emit(Ev['ioend-done'], inode.id, ioend.offset, ioend.size, ioend.status);
  for (let i = 0; i < ioend.folios.length; i++) finishWriting(inode, ioend.folios[i]!, ioend.lengths[i]!);
}

function byOffset(a: Ioend, b: Ioend): number {
  return a.offset - b.offset;
}

/** The completion worker of an inode (section 5 step 2): takes the whole list, sorts and merges it. */
class CompletionWork implements WorkItem {
  readonly #inode: CachedInode;

  constructor(inode: CachedInode) {
    this.#inode = inode;
  }

  *run(task: Task): Steps<void> {
    const inode = this.#inode;
    const ops = inode.writebackOps;
    const { sink } = inode.platform;
    const list = inode.completedIoends.splice(0);
    if (list.length > 1) list.sort(byOffset);
    const context = new Context(inode.platform, task);
    for (let i = 0; i < list.length; ) {
      const ioend = list[i++]!;
      while (i < list.length && ioend.takes(list[i]!)) {
        const next = list[i++]!;
        sink.emit(Ev['ioend-merge'], inode.id, next.offset, next.size, next.addr);
        ioend.merge(next);
      }
      if (task.stopsAt(Y['Y-WB6'])) yield Y['Y-WB6'];
      if (ioend.deferred) {
        const completed = ops.completed(inode, ioend, context);
        const errno = typeof completed === 'number' ? completed : yield* completed;
        if (ioend.status === 0) ioend.status = errno;
        if (task.stopsAt(Y['Y-WB8'])) yield Y['Y-WB8'];
      }
      finishIoend(inode, ioend);
    }
  }
}

/**
 * Submission and completion of ioends (sections 4 and 5 of writeback.md). An ioend goes to the device as one bio for each
 * piece of memory it covers and completes with the last of them; the first error is its status (WB-30). Completion that
 * needs a transaction, or reports an error, becomes work: sorted, merged, handed to the file system, and only then is the
 * writeback bit cleared (WB-50).
 */
import { type Bio, type Bytes, type Errno, Ev, type Steps, type Task, Y } from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';
import type { WorkItem } from '../work.js';
import type { CachedInode } from './cached-inode.js';
import type { Ioend } from './ioend.js';
import { Context } from './platform.js';

/** A write of memory that lies in one piece: a part of an ioend, or several parts whose folios are neighbours in memory. */
class IoendBio implements Bio {
  readonly kind = 'write';
  readonly fua = false;
  readonly atomic = false;
  readonly cargo = 'data';
  readonly addr: Bytes;
  readonly at: number;
  readonly offset: Bytes;
  length: Bytes;
  readonly #inode: CachedInode;
  readonly #ioend: Ioend;

  constructor(inode: CachedInode, ioend: Ioend, addr: Bytes, at: number, offset: Bytes, length: Bytes) {
    this.#inode = inode;
    this.#ioend = ioend;
    this.addr = addr;
    this.at = at;
    this.offset = offset;
    this.length = length;
  }

  get file(): number {
    return this.#inode.id;
  }

  get memory(): Uint8Array {
    return this.#inode.cache.memory.bytes;
  }

  done(status: Errno): void {
    if (status !== 0 && this.#ioend.status === 0) this.#ioend.status = status;
    partDone(this.#inode, this.#ioend);
  }
}

/**
 * Submits an ioend, or completes it at once if it already carries an error. Returns the errno that kept it from the device,
 * if the file system's last hook had one (WB-28).
 */
export function submitIoend(context: Context, inode: CachedInode, ioend: Ioend): Errno | Steps<Errno> {
  if (context.task.observed) return submitSteps(context, inode, ioend, null);
  const hooked = inode.writebackOps.submitting?.(inode, ioend, context) ?? 0;
  return typeof hooked === 'number'
    ? sendOff(context, inode, ioend, hooked)
    : submitSteps(context, inode, ioend, hooked);
}

function* submitSteps(context: Context, inode: CachedInode, ioend: Ioend, waiting: Steps<Errno> | null): Steps<Errno> {
  if (context.task.observed) yield Y['Y-WB3'];
  const hooked = waiting ?? inode.writebackOps.submitting?.(inode, ioend, context) ?? 0;
  return sendOff(context, inode, ioend, typeof hooked === 'number' ? hooked : yield* hooked);
}

function sendOff(context: Context, inode: CachedInode, ioend: Ioend, errno: Errno): Errno {
  if (errno !== 0 && ioend.status === 0) ioend.status = errno;
  ioend.deferred = inode.writebackOps.defers(inode, ioend);
  ioend.pending = 1;
  if (ioend.status === 0) {
    context.sink.emit(Ev['ioend-submit'], inode.id, ioend.offset, ioend.size, ioend.addr);
    submitParts(context, inode, ioend);
  }
  partDone(inode, ioend);
  return errno;
}

function submitParts(context: Context, inode: CachedInode, ioend: Ioend): void {
  const { folios, starts, lengths } = ioend;
  let { addr } = ioend;
  for (let i = 0; i < folios.length; ) {
    const at = folios[i]!.at + (starts[i]! - folios[i]!.pos);
    let length = lengths[i]!;
    const first = i++;
    while (i < folios.length && folios[i]!.at + (starts[i]! - folios[i]!.pos) === at + length) length += lengths[i++]!;
    ioend.pending++;
    context.device.submit(new IoendBio(inode, ioend, addr, at, starts[first]!, length));
    addr += length;
  }
}

/** One bio, or the submission itself, is over; with the last of them the ioend is. */
function partDone(inode: CachedInode, ioend: Ioend): void {
  if (--ioend.pending > 0) return;
  if (!ioend.deferred && ioend.status === 0) {
    finishIoend(inode, ioend);
    return;
  }
  if (inode.completedIoends.push(ioend) === 1) inode.platform.work.add(new CompletionWork(inode));
}

/** `bytes` of the folio's writeback cycle are over; with the last of them the writeback bit goes (section 5 step 4). */
export function finishWriting(inode: CachedInode, folio: Folio, bytes: Bytes): void {
  folio.writing -= bytes;
  inode.cache.version++;
  if (folio.writing === 0) inode.cache.endWriteback(folio);
}

/** Section 5 step 4. */
function finishIoend(inode: CachedInode, ioend: Ioend): void {
  const { sink } = inode.platform;
  if (ioend.status !== 0) {
    inode.errors.record(ioend.status);
    sink.emit(Ev['writeback-error'], inode.id, ioend.status, 0, 0);
  }
  sink.emit(Ev['ioend-done'], inode.id, ioend.offset, ioend.size, ioend.status);
  for (let i = 0; i < ioend.folios.length; i++) finishWriting(inode, ioend.folios[i]!, ioend.lengths[i]!);
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
    if (list.length > 1) list.sort((a, b) => a.offset - b.offset);
    const context = new Context(inode.platform, task);
    for (let i = 0; i < list.length; ) {
      const ioend = list[i++]!;
      while (i < list.length && ioend.takes(list[i]!)) {
        const next = list[i++]!;
        sink.emit(Ev['ioend-merge'], inode.id, next.offset, next.size, next.addr);
        ioend.merge(next);
      }
      if (task.observed) yield Y['Y-WB6'];
      if (ioend.deferred) {
        const completed = ops.completed(inode, ioend, context);
        const errno = typeof completed === 'number' ? completed : yield* completed;
        if (ioend.status === 0) ioend.status = errno;
        if (task.observed) yield Y['Y-WB8'];
      }
      finishIoend(inode, ioend);
    }
  }
}

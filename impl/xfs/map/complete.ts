/**
 * What completed I/O does to the map and the size: copy-on-write blocks move into the data fork, unwritten blocks become
 * written, and the on-disk size follows, each extent in a transaction of its own. The size goes no further than the part
 * converted so far, so that a crash between two transactions shows no zeroes below it (FS-X6; not as the reference does).
 */
import {
  type Bytes,
  EIO,
  type Errno,
  Ev,
  type FileBlock,
  Fork,
  type Point,
  type Steps,
  Y,
} from '../../../model/contract/index.js';
import type { Context } from '../../library/index.js';
import { raiseIsize } from '../../library/isize-extended.js';
import { EXCLUSIVE } from '../../sync/index.js';
import type { XfsInode } from '../inode.js';
import { remapNext } from './cow.js';

/**
 * Completes [offset, offset + size), which was written to the device, the parts in `copies` (pairs of start and end) out of
 * place. `grows`: direct I/O, which raises the in-core size too, after the conversion and before the on-disk size (DIO-41,
 * DIO-43).
 */
export function completeWritten(
  inode: XfsInode,
  offset: Bytes,
  size: Bytes,
  copies: readonly Bytes[],
  unwritten: boolean,
  grows: boolean,
  context: Context,
): Errno | Steps<Errno> {
  // CR-91: what reached the device after the shutdown is not made reachable.
  if (inode.fs.down) return EIO;
  const between = grows ? Y['Y-DW7'] : Y['Y-WB7'];
  const completion = new Completion(inode, offset, size, copies, unwritten, grows, context);
  return completion.stops(between) ? stepwise(completion, between) : 0;
}

/** From the first stop on. */
function* stepwise(completion: Completion, between: Point): Steps<Errno> {
  do yield between;
  while (completion.stops(between));
  return 0;
}

/** What is left of one completion. */
class Completion {
  readonly #inode: XfsInode;
  readonly #offset: Bytes;
  readonly #size: Bytes;
  readonly #copies: readonly Bytes[];
  readonly #unwritten: boolean;
  readonly #grows: boolean;
  readonly #context: Context;
  /** The range of `copies` that is being remapped; behind them all, conversion goes on at `#at`. */
  #copy = 0;
  #at: FileBlock;

  constructor(
    inode: XfsInode,
    offset: Bytes,
    size: Bytes,
    copies: readonly Bytes[],
    unwritten: boolean,
    grows: boolean,
    context: Context,
  ) {
    this.#inode = inode;
    this.#offset = offset;
    this.#size = size;
    this.#copies = copies;
    this.#unwritten = unwritten;
    this.#grows = grows;
    this.#context = context;
    this.#at = inode.blockDown(copies[0] ?? offset);
  }

  /** Goes on until the task has to stop after an extent, or to the end: then it is false. */
  stops(between: Point): boolean {
    while (this.#next()) if (this.#context.task.stopsAt(between)) return true;
    return false;
  }

  /** One extent more; false when there is none, and the sizes are raised. */
  #next(): boolean {
    const inode = this.#inode;
    const copied = this.#copies[this.#copy + 1];
    if (copied !== undefined) {
      const end = inode.blockUp(copied);
      this.#at = remapNext(inode, this.#at, end, this.#context);
      if (this.#at >= end) {
        this.#copy += 2;
        this.#at = inode.blockDown(this.#copies[this.#copy] ?? this.#offset);
      }
      return true;
    }
    const end = inode.blockUp(this.#offset + this.#size);
    if (this.#unwritten && this.#at < end) {
      this.#at = convertNext(inode, this.#at, end, this.#offset, this.#size, this.#grows, this.#context);
      return true;
    }
    raiseSizes(inode, this.#offset + this.#size, this.#grows, this.#context);
    return false;
  }
}

/** Converts the first unwritten extent of [at, end) and returns where it ended, or `end` when there was none. */
function convertNext(
  inode: XfsInode,
  at: FileBlock,
  end: FileBlock,
  offset: Bytes,
  size: Bytes,
  grows: boolean,
  context: Context,
): FileBlock {
  const { data, fs } = inode;
  let index = data.find(at);
  while (index < data.count && data.first(index) < end && data.state(index) !== Fork.unwritten) index++;
  if (index === data.count || data.first(index) >= end) return end;
  const from = Math.max(at, data.first(index));
  const to = Math.min(end, data.end(index));
  const block = data.blockAt(index, from);
  const transaction = fs.begin(context.task);
  inode.lockMap(context.task, EXCLUSIVE);
  inode.setExtent(data, from, to, Fork.written, block, transaction);
  context.sink.emit(Ev.convert, inode.id, from, to - from, block);
  const reached = Math.min(offset + size, to * fs.blockSize);
  if (grows) raiseIsize(inode, reached);
  raiseDsize(inode, reached);
  fs.commit(transaction, inode, context.task);
  inode.unlockMap(context.task);
  return to;
}

/** After the conversion, or where there was none: the in-core size of direct I/O, then the on-disk size. */
export function raiseSizes(inode: XfsInode, end: Bytes, grows: boolean, context: Context): void {
  if (grows) raiseIsize(inode, end);
  if (Math.min(end, inode.isize) <= inode.dsize) return;
  const transaction = inode.fs.begin(context.task);
  inode.lockMap(context.task, EXCLUSIVE);
  raiseDsize(inode, end);
  inode.fs.commit(transaction, inode, context.task);
  inode.unlockMap(context.task);
}

/** Never past the in-core size of this moment: a truncate that came first wins (WB-53). */
function raiseDsize(inode: XfsInode, end: Bytes): void {
  const reached = Math.min(end, inode.isize);
  if (reached > inode.dsize) inode.setDsize(reached);
}

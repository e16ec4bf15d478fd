/**
 * The journal on the device. Committed transactions wait in memory; a force writes one record each behind the head of a
 * circular log, all in one go, after a cache flush and through the cache, so that every data write that had completed before
 * is durable when a record is (CR-11, CR-12). When the log is half full, or has no room for what waits, the state as it is
 * goes into the metadata area that is not in use, and a superblock that points there takes the place of the log so far.
 * One task writes at a time; who comes meanwhile waits and is often served by it. An I/O error is reported to whoever
 * forced, and the next force tries again with the same records at the same place (the reference shuts down instead).
 */
import {
  type BlockDevice,
  type Bytes,
  EIO,
  ENOSPC,
  type Errno,
  Ev,
  type LogPosition,
  type Looked,
  type Sink,
  type Steps,
  type Task,
  type TaskId,
  type Waitable,
  Y,
} from '../../model/contract/index.js';
import { WaitedBio } from '../device/index.js';
import type { WorkItem, WorkQueue } from '../work.js';
import { checksum } from './checksum.js';
import { ITEM_BYTES, ItemBuffer, type ItemReader } from './items.js';
import type { FileSystemJournal } from './journal.js';
import type { MetadataLayout } from './layout.js';
import { flushDevice, writeAll } from './metadata-bio.js';
import { encodeRecord, recordUnits } from './record.js';
import { parity, recover } from './recovery.js';
import { encodeSuperblock } from './superblock.js';
import { JournalTransaction } from './transaction.js';

/** The whole state, while it is being put together. */
const state = new ItemBuffer();

/** Puts the items that make the whole state of this moment, out of nothing. */
export type Snapshot = (into: ItemBuffer) => void;

export interface JournalSurroundings {
  readonly device: BlockDevice;
  readonly sink: Sink;
  readonly work: WorkQueue;
}

/** The first superblock of an empty file system: what mkfs writes. */
export function emptySuperblock(layout: MetadataLayout): Uint8Array {
  const empty = { generation: 1, position: 0, tail: 0, items: 0, areaChecksum: checksum(new Uint8Array(0), 0, 0) };
  return encodeSuperblock(empty, layout);
}

export class DeviceJournal implements FileSystemJournal, Waitable, WorkItem {
  committed: LogPosition = 0;
  durable: LogPosition = 0;
  writes = 0;
  /** The last transaction that the metadata area contains. */
  private written: LogPosition = 0;
  private generation = 1;
  /** Units of the log: where the next record goes, and how many hold records that are needed. */
  private head = 0;
  private used = 0;
  /** Committed and not durable, in order. */
  private readonly waiting: JournalTransaction[] = [];
  private readonly spare: JournalTransaction[] = [];
  private writing = false;
  /** Nothing becomes durable any more (CR-91). */
  private stopped = false;
  /** A superblock may be on the device that does not know the log behind it: only another one can follow. */
  private superseded = false;
  private relieving = false;
  private readonly around: JournalSurroundings;
  private readonly layout: MetadataLayout;
  private readonly snapshot: Snapshot;

  constructor(around: JournalSurroundings, layout: MetadataLayout, snapshot: Snapshot) {
    this.around = around;
    this.layout = layout;
    this.snapshot = snapshot;
  }

  begin(): JournalTransaction {
    return this.spare.pop() ?? new JournalTransaction(true);
  }

  commit(transaction: JournalTransaction): LogPosition {
    const position = ++this.committed;
    transaction.position = position;
    transaction.undo.length = 0;
    this.waiting.push(transaction);
    this.around.sink.emit(Ev.commit, -1, position, 0, 0);
    return position;
  }

  cancel(transaction: JournalTransaction): void {
    transaction.cancel();
    this.spare.push(transaction);
  }

  /** From now on no force succeeds; what is on its way to the device may arrive. */
  stop(): void {
    this.stopped = true;
  }

  force(position: LogPosition, task: Task): Steps<Errno> {
    return this.writeUntil(
      () => this.durable >= position,
      task,
      () => this.write(task),
    );
  }

  /** Takes everything committed into the metadata area; the log is empty then. */
  checkpoint(task: Task): Steps<Errno> {
    const position = this.committed;
    const done = () => this.written >= position && this.used === 0;
    return this.writeUntil(done, task, () => this.relocate(task));
  }

  /** Background write-back of metadata: makes room in the log. */
  *run(task: Task): Steps<void> {
    yield* this.checkpoint(task);
    this.relieving = false;
  }

  /**
   * Reads the state from the device and goes on from it with an empty log, in a new generation, so that records behind a
   * torn one never come back. Transactions that did not survive are forgotten. False if there is no file system.
   */
  *recover(read: ItemReader, rebuild: () => void, task: Task, looked: Looked): Steps<Errno> {
    const found = recover(this.around.device.contents, this.layout, read, looked);
    if (found === null) return EIO;
    rebuild();
    this.generation = found.generation;
    this.head = found.head;
    this.used = 0;
    this.waiting.length = 0;
    // Numbers are not given twice, also not those of transactions that are lost.
    this.committed = Math.max(this.committed, found.position);
    this.durable = this.committed;
    this.written = found.position;
    this.stopped = false;
    this.superseded = true;
    this.around.sink.emit(Ev['log-force'], -1, found.position, 0, 0);
    const error = found.orphan < 0 ? 0 : yield* this.erase(found.orphan, task);
    return error !== 0 ? error : yield* this.relocate(task);
  }

  /** What is written to its area from now on must not make a superblock valid that recovery had to pass over (INV-63). */
  private erase(superblock: Bytes, task: Task): Steps<Errno> {
    const zeroes = new Uint8Array(this.layout.unit);
    return writeAll(this.around.device, [new WaitedBio('write', 'metadata', superblock, zeroes, true)], task);
  }

  describe(): string {
    return 'the writer of the log';
  }

  ready(): boolean {
    return !this.writing;
  }

  blockers(): readonly TaskId[] {
    return [];
  }

  private *writeUntil(done: () => boolean, task: Task, write: () => Steps<Errno>): Steps<Errno> {
    while (!done()) {
      if (this.stopped) return EIO;
      if (this.writing) {
        task.waitsFor = this;
        yield Y['Y-SY2'];
        task.waitsFor = null;
        continue;
      }
      this.writing = true;
      const error = yield* write();
      this.writing = false;
      if (error !== 0) return error;
    }
    return 0;
  }

  private *write(task: Task): Steps<Errno> {
    const ordered = yield* writeOrdered(this.waiting, task);
    if (ordered !== 0) return ordered;
    const batch = this.waiting.slice();
    let units = 0;
    for (const transaction of batch) units += recordUnits(transaction.items!.count, this.layout.unit);
    if (this.superseded || this.used + units > this.layout.logUnits) return yield* this.relocate(task);
    const bios = this.records(batch, units);
    this.writes++;
    // CR-11: what had completed when the transactions committed is durable before their records are.
    let error = yield* flushDevice(this.around.device, task);
    if (error === 0) error = this.stopped ? EIO : yield* writeAll(this.around.device, bios, task);
    if (error !== 0) return error;
    this.head = (this.head + units) % this.layout.logUnits;
    this.used += units;
    this.reach(batch.at(-1)!.position);
    this.relieve();
    return 0;
  }

  /** The writes of the batch's records: one, or two where the log ends in between. */
  private records(batch: readonly JournalTransaction[], units: number): WaitedBio[] {
    const { unit, log, logUnits } = this.layout;
    const bytes = new Uint8Array(units * unit);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const { items, position } of batch) {
      encodeRecord(bytes, view, at * unit, this.generation, position, items!);
      at += recordUnits(items!.count, unit);
    }
    const first = Math.min(units, logUnits - this.head) * unit;
    const bios = [new WaitedBio('write', 'log', log + this.head * unit, bytes.subarray(0, first), true)];
    if (first < bytes.length) bios.push(new WaitedBio('write', 'log', log, bytes.subarray(first), true));
    return bios;
  }

  /** Writes the state of this moment to the area not in use, and the superblock that makes it the one in use. */
  private *relocate(task: Task): Steps<Errno> {
    const { layout } = this;
    const { device } = this.around;
    const ordered = yield* writeOrdered(this.waiting, task);
    if (ordered !== 0) return ordered;
    const position = this.committed;
    state.clear();
    this.snapshot(state);
    const length = state.count * ITEM_BYTES;
    if (length > layout.areaBytes) return ENOSPC;
    const bytes = new Uint8Array(Math.ceil(length / layout.unit) * layout.unit);
    state.copyInto(bytes, 0);
    const generation = this.generation + 1;
    const place = parity(generation);
    const superblock = encodeSuperblock(
      { generation, position, tail: this.head, items: state.count, areaChecksum: checksum(bytes, 0, length) },
      layout,
    );
    let error: Errno = 0;
    if (length > 0)
      error = yield* writeAll(device, [new WaitedBio('write', 'metadata', layout.areas[place]!, bytes, false)], task);
    // The area, and the data that its extents show, are durable before the superblock is.
    this.writes++;
    if (error === 0) error = yield* flushDevice(device, task);
    if (error !== 0 || this.stopped) return EIO;
    this.superseded = true;
    const at = layout.superblocks[place]!;
    error = yield* writeAll(device, [new WaitedBio('write', 'metadata', at, superblock, true)], task);
    if (error !== 0) return error;
    this.superseded = false;
    this.generation = generation;
    this.used = 0;
    this.written = position;
    this.reach(position);
    return 0;
  }

  private relieve(): void {
    if (this.relieving || this.used <= this.layout.logUnits / 2) return;
    this.relieving = true;
    this.around.work.add(this);
  }

  private reach(position: LogPosition): void {
    if (position <= this.durable) return;
    this.durable = position;
    this.around.sink.emit(Ev['log-force'], -1, position, 0, 0);
    let done = 0;
    while (done < this.waiting.length && this.waiting[done]!.position <= position) done++;
    for (const transaction of this.waiting.splice(0, done)) {
      for (const then of transaction.whenDurable) then();
      transaction.clear();
      this.spare.push(transaction);
    }
  }
}

/** CR-50. Transactions that commit meanwhile are in the list, too, and come last. */
function* writeOrdered(waiting: readonly JournalTransaction[], task: Task): Steps<Errno> {
  for (let i = 0; i < waiting.length; i++) {
    const { ordered } = waiting[i]!;
    for (const write of ordered) {
      const error = yield* write(task);
      if (error !== 0) return error;
    }
    ordered.length = 0;
  }
  return 0;
}

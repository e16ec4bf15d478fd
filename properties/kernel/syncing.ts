/**
 * Fsyncs under way, and what each is known to wait for. `xfs_file_fsync` prints no range, and is printed for more than
 * fsync(2): msync syncs the range of its mapping, a write with O_DSYNC what it stored, a direct write what it wrote. So
 * the event says nothing of the file as a whole, and what the task writes back next may belong to a sync_file_range or
 * fadvise, which wait for nothing. Known is: the pieces that the task itself then writes back are waited for, as long as
 * they go forward without a pause (writeback goes through the file once) and lie in folios that it stored into since its
 * last sync and nobody wrote back since; or there are none of those, the sync is the first that the task does at all, and
 * nobody stores meanwhile.
 */
import type { KernelEvent, PieceEvent, RangeEvent } from '../../model/contract/kernel-event.js';
import { OpFlag } from '../../model/contract/op-flags.js';
import { RangeMap } from './ranges.js';
import type { Task } from './task.js';
import type { Step } from './world.js';

export interface Sync {
  readonly event: KernelEvent;
  readonly key: string;
  /** What the task stored before; null: nothing, and this is its first sync. */
  readonly stored: RangeMap<true> | null;
  /** The last folio that belongs to it. */
  taken: RangeEvent | null;
  /** When the task was last seen to be at it. */
  time: number;
  /** Writeback went back, or paused: what follows may be another call’s. */
  isPast: boolean;
  readonly pieces: Set<PieceEvent>;
}

/** Seconds. A sync that wrote something waits for the device before it returns; between two folios there is less to do. */
const PAUSE = 0.0001;
const MOST = 1 << 12;
const MOST_TASKS = 1 << 6;
const MOST_PIECES = 1 << 14;

export class Syncing {
  /** By task. */
  private readonly running = new Map<number, Sync>();
  /** What tasks stored since their last sync and nobody wrote back since, by file and task. */
  private readonly stores = new Map<string, Map<number, RangeMap<true>>>();
  /** The syncs that the event at hand shows to have returned. */
  ended: readonly Sync[] = [];

  /** Ahead of the rules; `step` is that of an iteration. */
  before(event: KernelEvent, task: Task, step: Step | null): void {
    this.ended = [];
    const sync = this.running.get(event.task);
    switch (event.kind) {
      case 'iter':
        if (step?.is === 'next') this.store(event, step);
        else this.end(sync);
        break;
      case 'xfsFile':
        if (event.name.startsWith('xfs_file_')) this.end(sync);
        break;
      case 'dioComplete':
        this.end(sync);
        break;
      case 'other':
        this.end(sync);
        if (event.name === 'xfs_file_fsync') this.start(event, task);
        break;
      case 'writebackFolio':
        if (sync !== undefined) take(sync, event);
        this.clean(event);
        break;
      case 'piece':
        if (sync === undefined || sync.taken === null || sync.pieces.size >= MOST_PIECES) break;
        if (sync.key === keyOf(event) && event.pos >= sync.taken.offset && event.pos < endOf(sync.taken)) {
          sync.pieces.add(event);
          sync.time = event.time;
        }
        break;
      default:
    }
  }

  /** All syncs have returned. */
  barrier(): void {
    this.ended = [...this.running.values()];
    this.running.clear();
  }

  private start(event: KernelEvent, task: Task): void {
    if (this.running.size >= MOST) this.running.clear();
    const key = keyOf(event);
    const stores = this.stores.get(key);
    const stored = stores?.get(event.task) ?? new RangeMap<true>();
    this.running.set(event.task, {
      event,
      key,
      stored: stored.size === 0 && !task.hasSynced ? null : stored,
      time: event.time,
      taken: null,
      isPast: false,
      pieces: new Set(),
    });
    stores?.delete(event.task);
    task.hasSynced = true;
  }

  private end(sync: Sync | undefined): void {
    if (sync === undefined) return;
    this.ended = [sync];
    this.running.delete(sync.event.task);
  }

  private clean(folio: RangeEvent): void {
    const key = keyOf(folio);
    for (const stored of this.stores.get(key)?.values() ?? []) stored.delete(folio.offset, endOf(folio));
    for (const sync of this.running.values()) {
      if (sync.key === key) sync.stored?.delete(folio.offset, endOf(folio));
    }
  }

  private store(event: KernelEvent & { readonly flags: number; readonly pos: number }, { iteration }: Step): void {
    if ((event.flags & (OpFlag.WRITE | OpFlag.ZERO)) === 0 || event.pos <= iteration.pos) return;
    const key = keyOf(event);
    for (const sync of this.running.values()) if (sync.stored === null && sync.key === key) sync.isPast = true;
    let stores = this.stores.get(key);
    if (stores === undefined) {
      if (this.stores.size >= MOST) this.stores.clear();
      this.stores.set(key, (stores = new Map()));
    }
    let stored = stores.get(event.task);
    if (stored === undefined) {
      if (stores.size >= MOST_TASKS) stores.clear();
      stores.set(event.task, (stored = new RangeMap()));
    }
    stored.set(iteration.pos, event.pos, true);
  }
}

const keyOf = (event: KernelEvent): string => `${event.dev} ${event.ino}`;
const endOf = (folio: RangeEvent): number => folio.offset + folio.length;

function take(sync: Sync, folio: RangeEvent): void {
  if (sync.key !== keyOf(folio)) return;
  sync.isPast ||= folio.time - sync.time > PAUSE || (sync.taken !== null && folio.offset <= sync.taken.offset);
  sync.time = folio.time;
  const isOwn =
    !sync.isPast && (sync.stored === null || sync.stored.overlapping(folio.offset, endOf(folio)).length > 0);
  if (isOwn) sync.taken = folio;
}

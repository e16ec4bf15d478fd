/**
 * What was stored and shared by calls that were answered while others were open, with what was there before; and what that
 * permits now. Empty whenever at most one call is open.
 */
import {
  type Answer,
  type Bytes,
  type Call,
  CallFlag,
  DEVICE_POISON,
  type FileId,
  type Geometry,
  MEMORY_POISON,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import type { Change } from '../operations/operation.js';
import { copyOfBytes } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import type { State } from '../state/state.js';
import { doubtAgain, mayBe, older } from './doubts.js';
import { blur, hide, loseAgain, meet, moved, moveLosses } from './either-order.js';
import { formerPlaces, laterRanges, type Move, moveOf, type Place, rangesOf, shareOf } from './moves.js';
import { dirties, mayHide, nearestEnd, type Open } from './open-calls.js';
import { mayBeShared, mayStayShared } from './sharing-order.js';
import { fillPart, lostBlocks, mayStore, partsOf, type Store, storeEnd } from './stores.js';

/** What an answered call moved or shared, and when it was answered. */
interface Answered {
  readonly move: Move;
  readonly ended: number;
}

export class StoreLog {
  /** The calls that are open; the caller keeps them. */
  private readonly open: readonly Open[];
  private clock = 0;
  private readonly stores: Store[] = [];
  /** What dedupes shared. */
  private readonly shares: Answered[] = [];
  private geometry!: Geometry;

  constructor(open: readonly Open[]) {
    this.open = open;
  }

  get empty(): boolean {
    return this.stores.length === 0 && this.shares.length === 0;
  }

  /** Nobody is open any more. */
  forget(): void {
    if (this.stores.length > 0) this.stores.length = 0;
    if (this.shares.length > 0) this.shares.length = 0;
  }

  clear(): void {
    this.clock = 0;
    this.forget();
  }

  /** A call begins now: what is answered from here on overlaps it. */
  begins({ geometry }: State): number {
    this.geometry = geometry;
    return ++this.clock;
  }

  /** What open calls may store was copied to one of the call's files. */
  copiedTo({ file, fromFile }: Call): boolean {
    return this.stores.some(({ move }) => move?.copies === true && (move.target === file || move.target === fromFile));
  }

  /** The call is answered, and `apply` runs its steps. Bytes that overlapping calls stored to as well keep the values of both. */
  applying(state: State, open: Open, answer: Answer, changes: Change | null, apply: () => void): void {
    if (changes === null) this.growing(state.file(open.call.file), open, apply);
    else this.storing(state, open, answer, changes, apply);
    const share = shareOf(open.call, answer);
    if (share !== null) this.sharing(state, open, share);
  }

  /** The file was smaller before, for the model: mapped stores behind that end may show now. */
  surfacing(file: FileModel, before: Bytes): void {
    for (const store of this.stores)
      if (store.file === file.id && store.ahead) older(file, before, file.size, store.after, store.offset);
  }

  /**
   * How many of the `n` bytes from `memory[at]` on may show at `offset` because of an open store, or the first of them
   * because of one that ended while the judged call was open; 0: that may not.
   */
  mayShow(judging: Open | null, file: FileId, offset: Bytes, n: number, memory: Uint8Array, at: number): number {
    for (const { call, began } of this.open) {
      const stored = call.file === file ? mayStore(call, offset, n, memory, at, this.geometry) : 0;
      if (stored > 0) return stored;
      for (const former of formerPlaces(file, offset, this.movesSince(began)))
        if (former.file === call.file && mayStore(call, former.offset, 1, memory, at, this.geometry) > 0) return 1;
    }
    if (this.hasStored(judging, { file, offset }, memory[at]!)) return 1;
    const former = this.stores.length > 0 ? formerPlaces(file, offset, this.movesSince(0)) : [];
    return former.some(place => this.hasStored(judging, place, memory[at]!)) ? 1 : 0;
  }

  /** Did an answered store that overlaps an open call, or the judged one, put the value there, or find it? */
  private hasStored(judging: Open | null, { file, offset }: Place, seen: number): boolean {
    for (const store of this.stores) {
      const i = offset - store.offset;
      if (store.file !== file || i < 0 || i >= store.before.length) continue;
      const past = judging !== null && store.ended < judging.began;
      if (
        past &&
        !store.ahead &&
        !(store.direct && this.open.some(open => mayHide(open, store, offset, this.geometry)))
      )
        continue;
      if (store.before[i] === seen || store.after[i] === seen) return true;
      if (store.doubts?.includes(offset, seen) === true) return true;
      const block = Math.floor(offset / this.geometry.blockSize) - Math.floor(store.offset / this.geometry.blockSize);
      if (store.lost?.[block] === 1 && seen !== DEVICE_POISON && seen !== MEMORY_POISON) return true;
    }
    return false;
  }

  /** A dedupe shared blocks that stores meanwhile found shared, or not yet; those that they dirtied may be so again. */
  private sharing(state: State, { began }: Open, move: Move): void {
    for (const store of this.stores) {
      const { file, offset, after, mapped, ended } = store;
      if (ended < began) continue;
      mayBeShared(state, file, offset, after.length, [...this.movesSince(ended), move], mapped);
      for (const { file: id, from, end } of rangesOf(move))
        if (id === file && offset < end && storeEnd(store) > from)
          blur(state, state.file(id), Math.max(from, offset), Math.min(end, storeEnd(store)));
    }
    this.shares.push({ move, ended: ++this.clock });
  }

  /** The call may make the file larger: mapped stores that met the larger file come below its end. */
  private growing(file: FileModel, open: Open, apply: () => void): void {
    const { size } = file;
    apply();
    for (const store of this.stores)
      if (store.file === file.id && store.ahead && store.ended >= open.began)
        older(file, size, file.size, store.after, store.offset);
  }

  private storing(state: State, open: Open, answer: Answer, changes: Change, apply: () => void): void {
    const { call } = open;
    const file = state.file(call.file);
    const start = call.name === 'truncate' ? call.size : call.offset;
    const mapped = call.name === 'mapwrite';
    // Growth stores zeroes from the old end on.
    const grows = !mapped || (call.flags & CallFlag.GROW) !== 0;
    const direct = call.name === 'dwrite';
    let from = changes === 'growth' ? file.size : Math.max(0, grows ? Math.min(start, file.size) : start);
    // An insert makes the file larger, with zeroes, before it moves anything (FS-X13).
    const rest = call.name === 'insert' ? file.size + call.length : Math.max(file.size, start + call.length);
    let end = changes === 'rest' ? rest : call.offset + call.length;
    // Zeroes around the data belong to a direct write: what was there when it began (DIO-22).
    if (direct) {
      from = state.blockDown(from);
      end = state.blockUp(end);
    }
    // What a direct write that stopped early leaves is as old as what was there when it began (INV-32).
    const stopped = direct && (answer.error !== 0 || answer.count < call.length);
    const move = moveOf(call);
    const parts = partsOf(from, end).map(([first, n]) => ({
      from: first,
      before: copyOfBytes(file, first, n),
      doubts: file.doubts.some ? file.doubts.copy(first, first + n) : null,
      lost: lostBlocks(state, file, first, n),
    }));
    apply();
    for (const store of this.stores) {
      if (store.ended < open.began) continue;
      if (store.file === call.file) meet(state, file, from, end, store);
      if (move !== null && store.move === null) this.moveStore(state, store, [...this.movesSince(store.ended), move]);
    }
    const ended = ++this.clock;
    const stores: Store[] = [];
    for (const part of parts) {
      const n = part.before.length;
      const after = copyOfBytes(file, part.from, n);
      const left = answer.error === 0 ? null : lostBlocks(state, file, part.from, n);
      // A direct write that failed may leave its bytes behind the end, too (INV-69).
      const ahead = (mapped || stopped) && part.from + n > nearestEnd(file, this.open);
      const { from: offset, before, doubts, lost } = part;
      const store = {
        file: file.id,
        offset,
        before,
        doubts,
        after,
        lost,
        left,
        ended,
        ahead,
        mapped,
        direct,
        cached: !direct || this.mayFallBack(file, open),
        stopped,
        move,
      };
      this.meeting(state, open, store, start, answer);
      stores.push(store);
    }
    this.stores.push(...stores);
  }

  /**
   * May a direct write go through the cache? Of a file that shares or has copies that an atomic write staged (DIO-24), or where
   * another dirties what it has to drop (DIO-08).
   */
  private mayFallBack(file: FileModel, open: Open): boolean {
    if (file.reflinked || file.hasCow) return true;
    const { maxFolioSize } = this.geometry;
    const from = roundDown(open.call.offset, maxFolioSize);
    const end = roundUp(open.call.offset + open.call.length, maxFolioSize);
    for (const other of this.open) if (other !== open && dirties(other, file.id, from, end)) return true;
    return this.stores.some(
      store =>
        store.file === file.id &&
        !store.direct &&
        store.ended >= open.began &&
        store.offset < end &&
        storeEnd(store) > from,
    );
  }

  /** What a store that is answered now does to those before it that overlapped it, and they to it. */
  private meeting(state: State, open: Open, mine: Store, start: Bytes, answer: Answer): void {
    const { call } = open;
    const file = state.file(call.file);
    const { offset: from, after, mapped, direct, stopped } = mine;
    const end = storeEnd(mine);
    for (const store of this.stores) {
      if (store.ended < open.began || store.file !== call.file) continue;
      const former = stopped ? store : mine;
      if (stopped || store.stopped) older(file, from, end, former.before, former.offset);
      // What was stored page by page may have been moved away, page by page, since.
      if (mapped && store.move !== null) {
        older(file, from, end, mine.before, mine.offset);
        doubtAgain(file, mine);
        loseAgain(state, file, mine);
        // The fault of a page dirties the folio that it lies in.
        const { maxFolioSize } = this.geometry;
        mayStayShared(state, file, roundDown(from, maxFolioSize), roundUp(end, maxFolioSize));
      }
      if (direct && !store.direct) {
        older(file, from, call.offset, store.before, store.offset);
        older(file, call.offset + call.length, end, store.before, store.offset);
      }
      if (direct && store.cached) {
        hide(state, file, mine, store.offset, storeEnd(store), this.movesSince(open.began));
        doubtAgain(file, mine);
      }
      if (store.direct && mine.cached) {
        hide(state, file, store, from, end, this.movesSince(open.began));
        doubtAgain(file, store);
      }
      blur(state, file, Math.max(from, store.offset), Math.min(end, storeEnd(store)));
    }
    // A mapped store may have met a larger file than the model knew then: another call was making it so. And of one that
    // failed anything may have been stored.
    const whole = stopped || (call.name === 'write' && answer.error !== 0);
    if (mapped || whole) fillPart(call, whole ? call.offset : start, mapped ? end : call.offset + call.length, mine);
    if (this.shares.some(({ ended }) => ended >= open.began))
      mayBeShared(state, call.file, from, after.length, this.movesSince(open.began, this.shares), mapped);
    if (mine.move === null) moved(state, call.file, from, [after], this.movesSince(open.began), mapped);
  }

  /** An answered store may have come before these moves. */
  private moveStore(state: State, store: Store, moves: readonly Move[]): void {
    moved(state, store.file, store.offset, [store.before, store.after], moves, store.mapped);
    if (store.doubts !== null)
      for (const { file, from, end, index } of laterRanges(store.file, store.offset, storeEnd(store), moves)) {
        const target = state.file(file);
        const start = store.offset + index;
        store.doubts.each(start, start + (end - from), (at, value) => {
          if (from + (at - start) < target.size) mayBe(target, from + (at - start), value);
        });
      }
    moveLosses(state, store, moves);
  }

  /** The moves of calls that were answered since that moment, in their order; with `shares` among them. */
  private movesSince(moment: number, shares: readonly Answered[] = []): readonly Move[] {
    const both = shares.length === 0 ? this.stores : [...this.stores, ...shares].sort((a, b) => a.ended - b.ended);
    const moves: Move[] = [];
    for (const { move, ended } of both) if (move !== null && ended >= moment && moves.at(-1) !== move) moves.push(move);
    return moves;
  }
}

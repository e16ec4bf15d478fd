/**
 * Calls that overlap in time (INV-30). Bytes are regular registers: a read may return the value of a store that
 * overlaps it, or one that no store completed before the read has replaced. The sequential path never comes here: only
 * while two calls of applications are open are stores logged, with what was there before; and when all have ended, the
 * bytes that two overlapping stores wrote keep both values until one is seen.
 *
 * Block maps have no such order: where an overlapping call frees blocks or shares them, the blocks of both may be in any
 * state afterwards, and what a call reports of the map of a file that others worked on meanwhile is not judged. Which
 * calls overlap is the harness's to say: calls that a lock keeps apart begin, for the oracle, when they have the lock.
 */
import {
  type Answer,
  type Bytes,
  type Call,
  CallFlag,
  DEVICE_POISON,
  type FileId,
  fillData,
  type Geometry,
  MEMORY_POISON,
  type OperationName,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import type { Change } from '../operations/operation.js';
import { copyOfBytes } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import type { State } from '../state/state.js';
import { formerPlaces, laterPlaces, type Move, moveOf, type Place, rangesOf, shareOf } from './moves.js';
import { dirties, mayHide, type Open, openCall, resizedTo, type Sizes, touches, widen } from './open-calls.js';
import {
  blur,
  hide,
  loseAgain,
  lostBlocks,
  mayBe,
  mayBeShared,
  mayStayShared,
  mayStore,
  meet,
  moved,
  moveLosses,
  older,
  type Store,
  storeEnd,
} from './stores.js';

/**
 * Of a store longer than two of these only its beginning and its end are kept, byte by byte. So long are those that grow
 * the file to far away, or cut it from there: the bytes between are those of no store.
 */
const LONGEST = 1 << 19;
/** Calls that may set the size of their file. */
const RESIZING: ReadonlySet<OperationName> = new Set(['write', 'dwrite', 'truncate', 'falloc', 'zero', 'copy']);
export class Overlap {
  /** Overlapping calls took effect in any order, not in that of their answers: a property of the target. */
  anyOrder = false;
  private clock = 0;
  private readonly open: Open[] = [];
  private readonly stores: Store[] = [];
  /** What dedupes shared that were answered while others were open. */
  private readonly shares: { readonly move: Move; readonly ended: number }[] = [];
  private judging: Open | null = null;
  private geometry!: Geometry;
  /** Records of calls that ended, for the next ones. */
  private readonly spare: Open[] = [];

  /** No call is open. */
  get idle(): boolean {
    return this.open.length === 0;
  }

  /** Several calls are open, or one is being judged that others overlapped. */
  get active(): boolean {
    return this.open.length > 1 || this.stores.length > 0 || this.shares.length > 0;
  }

  /** The calls that are open, in the order in which they began. */
  eachOpen(visit: (call: Call) => void): void {
    for (const { call } of this.open) visit(call);
  }

  clear(): void {
    this.clock = 0;
    this.open.length = 0;
    this.stores.length = 0;
    this.shares.length = 0;
    this.judging = null;
  }

  began(state: State, call: Call): void {
    this.clock++;
    this.geometry = state.geometry;
    const open = openCall(state, call, this.clock, this.spare.pop());
    this.open.push(open);
    for (const other of this.open) {
      if (other === open) continue;
      other.disturbed = true;
      open.disturbed = true;
      other.accompanied = true;
      open.accompanied = true;
      if (touches(call, other.call)) other.overlapped = true;
      if (touches(other.call, call)) open.overlapped = true;
    }
  }

  /** Background work runs. */
  disturb(): void {
    for (const open of this.open) open.disturbed = true;
  }

  /** Something else ran while the judged call was open. */
  get disturbed(): boolean {
    return this.judging?.disturbed === true;
  }

  /** The call is about to be judged: widens the sizes of its files to all that they had or may have had meanwhile. */
  judge(state: State, call: Call): void {
    const open = this.find(call);
    this.judging = open;
    if (open === null) return;
    // What open calls may store was copied to one of its files.
    open.overlapped ||= this.stores.some(
      ({ move }) => move?.copies === true && (move.target === call.file || move.target === call.fromFile),
    );
    if (!open.overlapped) return;
    for (const other of this.open) if (other !== open) widen(state, open, other.call);
  }

  /** Others worked on the file of the judged call while it was open. */
  get contended(): boolean {
    return this.judging?.overlapped === true;
  }

  /** Others were open together with the judged call, on whatever file. */
  get accompanied(): boolean {
    return this.judging?.accompanied === true;
  }

  /** The judged call may have met sharing in its file that another call has ended since, be it in another file. */
  sharedThen(state: State): boolean {
    const open = this.judging;
    return open?.accompanied === true && open.sharing && open.endings !== state.shared.endings;
  }

  /** The calls that are open. */
  *calls(): Iterable<Call> {
    for (const { call } of this.open) yield call;
  }

  /** The sizes of its file that the judged call may have met, or null if nothing overlapped it. */
  sizes(): Readonly<Sizes> | null {
    return this.judging?.overlapped === true ? this.judging.sizes : null;
  }

  /** The same of its source. */
  sourceSizes(): Readonly<Sizes> | null {
    return this.judging?.overlapped === true ? this.judging.sourceSizes : null;
  }

  /**
   * How many of the `n` bytes from `memory[at]` on may show at `offset` because of an open store, or the first of them
   * because of one that ended while the judged call was open; 0: that may not.
   */
  mayShow(file: FileId, offset: Bytes, n: number, memory: Uint8Array, at: number): number {
    for (const { call, began } of this.open) {
      const stored = call.file === file ? mayStore(call, offset, n, memory, at, this.geometry) : 0;
      if (stored > 0) return stored;
      for (const former of formerPlaces(file, offset, this.movesSince(began)))
        if (former.file === call.file && mayStore(call, former.offset, 1, memory, at, this.geometry) > 0) return 1;
    }
    if (this.hasStored({ file, offset }, memory[at]!)) return 1;
    const former = this.stores.length > 0 ? formerPlaces(file, offset, this.movesSince(0)) : [];
    return former.some(place => this.hasStored(place, memory[at]!)) ? 1 : 0;
  }

  /** Did an answered store that overlaps an open call, or the judged one, put the value there, or find it? */
  private hasStored({ file, offset }: Place, seen: number): boolean {
    for (const store of this.stores) {
      const i = offset - store.offset;
      if (store.file !== file || i < 0 || i >= store.before.length) continue;
      const past = this.judging !== null && store.ended < this.judging.began;
      if (
        past &&
        !store.ahead &&
        !(store.direct && this.open.some(open => mayHide(open, store, offset, this.geometry)))
      )
        continue;
      if (store.before[i] === seen || store.after[i] === seen) return true;
      if (store.doubts.some(([at, values]) => at === offset && values.includes(seen))) return true;
      const block = Math.floor(offset / this.geometry.blockSize) - Math.floor(store.offset / this.geometry.blockSize);
      if (store.lost?.[block] === 1 && seen !== DEVICE_POISON && seen !== MEMORY_POISON) return true;
    }
    return false;
  }

  /**
   * The steps of the judged call, on whose file others worked, change that file: `apply` runs them. Bytes that overlapping
   * calls stored to as well keep the values of both.
   */
  applying(state: State, call: Call, answer: Answer, changes: Change | null, apply: () => void): void {
    const open = this.judging!;
    const file = state.file(call.file);
    const before = file.size;
    if (changes === null) this.growing(file, open, apply);
    else this.storing(state, open, answer, changes, apply);
    const share = shareOf(call, answer);
    if (share !== null) this.sharing(state, open, share);
    const { size } = file;
    for (const other of this.open) {
      resizedTo(size, file.id, other);
      if (other !== open && other.call.file === file.id && RESIZING.has(call.name)) other.resized = true;
    }
    if (!this.anyOrder) return;
    // A mapped store behind the end the model knew was below it: a call that has not answered had made the file larger.
    for (const store of this.stores)
      if (store.file === file.id && store.ahead) older(file, before, size, store.after, store.offset);
    if (answer.error === 0)
      blur(
        state,
        file,
        call.name === 'truncate' ? Math.min(call.size, before) : call.offset,
        call.name === 'truncate' ? Math.max(call.size, before) : call.offset + call.length,
      );
    // What came last may have come first: the size is one of those there were, until one is seen.
    if (!open.resized || !RESIZING.has(call.name)) return;
    file.sizeLeast = Math.min(file.sizeLeast, open.sizes.least);
    file.size = Math.max(size, open.sizes.most);
  }

  /** A dedupe shared blocks that stores meanwhile found shared, or not yet; those that they dirtied may be so again. */
  private sharing(state: State, { began }: Open, move: Move): void {
    for (const store of this.stores) {
      const { file, offset, after, mapped, ended } = store;
      if (ended < began) continue;
      mayBeShared(state, file, offset, after.length, [move], mapped);
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
      doubts: file.doubts.size > 0 ? [...file.doubts].filter(([at]) => at >= first && at < first + n) : none,
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
      const ahead = mapped && part.from + n > file.size;
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
        doubtAgain(file, mine.doubts);
        loseAgain(state, file, mine);
        mayStayShared(state, file, from, end);
      }
      if (direct && !store.direct) {
        older(file, from, call.offset, store.before, store.offset);
        older(file, call.offset + call.length, end, store.before, store.offset);
      }
      if (direct && store.cached) {
        hide(state, file, mine, store.offset, storeEnd(store), this.movesSince(open.began));
        doubtAgain(file, mine.doubts);
      }
      if (store.direct && mine.cached) {
        hide(state, file, store, from, end, this.movesSince(open.began));
        doubtAgain(file, store.doubts);
      }
      blur(state, file, Math.max(from, store.offset), Math.min(end, storeEnd(store)));
    }
    // A mapped store may have met a larger file than the model knew then: another call was making it so. And of one that
    // failed anything may have been stored.
    const whole = stopped || (call.name === 'write' && answer.error !== 0);
    if (mapped || whole) fillPart(call, whole ? call.offset : start, mapped ? end : call.offset + call.length, mine);
    const shares = this.shares.filter(({ ended }) => ended >= open.began).map(share => share.move);
    mayBeShared(state, call.file, from, after.length, shares, mapped);
    if (mine.move === null) moved(state, call.file, from, [after], this.movesSince(open.began), mapped);
  }

  /** An answered store may have come before these moves. */
  private moveStore(state: State, store: Store, moves: readonly Move[]): void {
    moved(state, store.file, store.offset, [store.before, store.after], moves, store.mapped);
    for (const [at, values] of store.doubts)
      for (const { file, offset } of laterPlaces(store.file, at, moves))
        if (offset < state.file(file).size) for (const value of values) mayBe(state.file(file), offset, value);
    moveLosses(state, store, moves);
  }

  /** The moves of calls that were answered since that moment. */
  private movesSince(moment: number): readonly Move[] {
    const moves: Move[] = [];
    for (const { move, ended } of this.stores)
      if (move !== null && ended >= moment && moves.at(-1) !== move) moves.push(move);
    return moves;
  }

  /** The judged call has had its effect. */
  ended(): void {
    const open = this.judging;
    if (open !== null) {
      if (this.open[this.open.length - 1] === open) this.open.pop();
      else this.open.splice(this.open.indexOf(open), 1);
      this.spare.push(open);
    }
    this.judging = null;
    if (this.open.length > 0) return;
    if (this.stores.length > 0) this.stores.length = 0;
    if (this.shares.length > 0) this.shares.length = 0;
  }

  private find(call: Call): Open | null {
    for (const open of this.open) if (open.call.id === call.id) return open;
    return null;
  }
}

const none: Store['doubts'] = [];

/** What was possible is so again. */
function doubtAgain(file: FileModel, doubts: Store['doubts']): void {
  for (const [at, values] of doubts) if (at < file.size) for (const value of values) mayBe(file, at, value);
}

/** What is kept of a store to [from, end): start and length of each part. */
function partsOf(from: Bytes, end: Bytes): (readonly [Bytes, Bytes])[] {
  if (end - from <= 2 * LONGEST) return [[from, Math.max(0, end - from)]];
  return [
    [from, LONGEST],
    [end - LONGEST, LONGEST],
  ];
}

/** The data of the call in [from, end), as far as that is kept. */
function fillPart({ data }: Call, from: Bytes, end: Bytes, { offset, after }: Store): void {
  const first = Math.max(from, offset);
  const n = Math.min(end, offset + after.length) - first;
  if (n > 0) fillData(data, first, after, first - offset, n);
}

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
  type Bytes,
  type Call,
  CallFlag,
  type FileId,
  fillData,
  LARGEST_FILE,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import { byteAt, loadBytes } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import { mayBeAnything, mayBecomeData } from '../state/map.js';
import { addScribble } from '../state/scribble.js';
import type { State } from '../state/state.js';

/** One answered store, while others were open. */
interface Store {
  readonly file: FileId;
  readonly offset: Bytes;
  readonly before: Uint8Array;
  /** Bytes that had several possible values before. */
  readonly doubts: readonly (readonly [at: Bytes, values: readonly number[]])[];
  readonly after: Uint8Array;
  /** When it was answered. */
  readonly ended: number;
  /** It was made through a mapping, whose fault dirtied whole folios. */
  readonly mapped: boolean;
  /** It met a larger file than the model knows: what it stored shows, and comes to the model when that call returns. */
  readonly ahead: boolean;
  /** It went past the cache. */
  readonly direct: boolean;
}

interface Open {
  call: Call;
  began: number;
  /** Another call was open at the same time; one on its file was. */
  accompanied: boolean;
  overlapped: boolean;
  /** Anything else ran while it was open, background work included. */
  disturbed: boolean;
  /** Sizes its file had, or could have, meanwhile. */
  leastSize: Bytes;
  mostSize: Bytes;
}

/** Stores longer than this are not kept byte by byte; what overlaps them may show anything but poison. */
const LONGEST = 1 << 20;
/** Blocks that are blurred at most. */
const WIDEST = 4096;

export class Overlap {
  private clock = 0;
  private readonly open: Open[] = [];
  private readonly stores: Store[] = [];
  private judging: Open | null = null;
  /** Records of calls that ended, for the next ones. */
  private readonly spare: Open[] = [];

  /** No call is open. */
  get idle(): boolean {
    return this.open.length === 0;
  }

  /** Several calls are open, or one is being judged that others overlapped. */
  get active(): boolean {
    return this.open.length > 1 || this.stores.length > 0;
  }

  /** The calls that are open, in the order in which they began. */
  eachOpen(visit: (call: Call) => void): void {
    for (const { call } of this.open) visit(call);
  }

  clear(): void {
    this.clock = 0;
    this.open.length = 0;
    this.stores.length = 0;
    this.judging = null;
  }

  began(state: State, call: Call): void {
    this.clock++;
    const { size } = state.file(call.file);
    const open = this.spare.pop() ?? {
      call,
      began: 0,
      accompanied: false,
      overlapped: false,
      disturbed: false,
      leastSize: 0,
      mostSize: 0,
    };
    open.call = call;
    open.began = this.clock;
    open.accompanied = false;
    open.overlapped = false;
    open.disturbed = false;
    open.leastSize = size;
    open.mostSize = size;
    this.open.push(open);
    for (const other of this.open) {
      if (other === open) continue;
      other.disturbed = true;
      open.disturbed = true;
      other.accompanied = true;
      open.accompanied = true;
      if (!sameFile(other.call, call)) continue;
      other.overlapped = true;
      open.overlapped = true;
    }
  }

  /** Background work runs. */
  disturb(): void {
    for (const open of this.open) open.disturbed = true;
  }

  /** Another application's call was open at the same time as the judged one. */
  get overlapped(): boolean {
    return this.judging?.overlapped === true;
  }

  /** Something else ran while the judged call was open. */
  get disturbed(): boolean {
    return this.judging?.disturbed === true;
  }

  /** The call is about to be judged: widens the size of its file to all that it had or may have had meanwhile. */
  judge(state: State, call: Call): void {
    const open = this.find(call);
    this.judging = open;
    if (open === null || !open.overlapped) return;
    for (const other of this.open) if (other !== open && other.call.file === call.file) widen(state, open, other.call);
  }

  /** Others worked on the file of the judged call while it was open. */
  get contended(): boolean {
    return this.judging?.overlapped === true;
  }

  /** Others were open together with the judged call, on whatever file. */
  get accompanied(): boolean {
    return this.judging?.accompanied === true;
  }

  /** The calls that are open. */
  *calls(): Iterable<Call> {
    for (const { call } of this.open) yield call;
  }

  /** The sizes the judged call may have met, or null if nothing overlapped it. */
  sizes(): { readonly least: Bytes; readonly most: Bytes } | null {
    const open = this.judging;
    return open?.overlapped === true ? { least: open.leastSize, most: open.mostSize } : null;
  }

  /** May the byte show `seen` because of an open store, or one that ended while the judged call was open? */
  mayShow(file: FileId, offset: Bytes, seen: number): boolean {
    for (const { call } of this.open) if (call.file === file && mayStore(call, offset, seen)) return true;
    for (const store of this.stores) {
      const i = offset - store.offset;
      if (store.file !== file || i < 0 || i >= store.before.length) continue;
      if (this.judging !== null && store.ended < this.judging.began && !store.ahead) continue;
      if (store.before[i] === seen || store.after[i] === seen) return true;
      if (store.doubts.some(([at, values]) => at === offset && values.includes(seen))) return true;
    }
    return false;
  }

  /**
   * The steps of an answered call change its file: `apply` runs them. Bytes that overlapping calls stored to as well keep
   * the values of both.
   */
  applying(state: State, call: Call, changes: 'range' | 'rest' | null, apply: () => void): void {
    const open = this.find(call);
    if (open === null || !open.overlapped) {
      apply();
      return;
    }
    if (changes === null) apply();
    else this.storing(state, open, changes, apply);
    const { size } = state.file(call.file);
    for (const other of this.open) {
      if (other.call.file !== call.file) continue;
      other.leastSize = Math.min(other.leastSize, size);
      other.mostSize = Math.max(other.mostSize, size);
    }
  }

  private storing(state: State, open: Open, changes: 'range' | 'rest', apply: () => void): void {
    const { call } = open;
    const file = state.file(call.file);
    const start = call.name === 'truncate' ? call.size : call.offset;
    const mapped = call.name === 'mapwrite';
    // Growth stores zeroes from the old end on.
    const grows = !mapped || (call.flags & CallFlag.GROW) !== 0;
    const from = Math.max(0, grows ? Math.min(start, file.size) : start);
    const end = changes === 'range' ? call.offset + call.length : Math.max(file.size, start + call.length);
    const n = Math.min(LONGEST, Math.max(0, end - from));
    const before = new Uint8Array(n);
    loadBytes(file, from, n, before, 0);
    const direct = call.name === 'dwrite';
    const doubts = file.doubts.size > 0 ? [...file.doubts].filter(([at]) => at >= from && at < end) : none;
    apply();
    const after = new Uint8Array(n);
    loadBytes(file, from, n, after, 0);
    for (const store of this.stores) {
      if (store.ended < open.began) continue;
      if (store.file === call.file) meet(state, file, from, end, store);
      if (store.file === call.file && direct && !store.direct) {
        hide(state, file, from, before, store.offset, storeEnd(store));
        for (const [at, values] of doubts) for (const value of values) mayBe(file, at, value);
      }
      if (store.file === call.file && store.direct && !direct)
        hide(state, file, store.offset, store.before, from, from + n);
      if (store.file === call.file)
        blur(state, file, Math.max(from, store.offset), Math.min(from + n, storeEnd(store)));
      if (call.name === 'copy' && store.file === call.fromFile) copied(file, call, store);
    }
    // A mapped store may have met a larger file than the model knew then: another call was making it so.
    const zeroed = Math.min(n, Math.max(0, start - from));
    if (mapped) fillData(call.data, from + zeroed, after, zeroed, n - zeroed);
    this.stores.push({
      file: call.file,
      offset: from,
      before,
      doubts,
      after,
      ended: ++this.clock,
      ahead: mapped && from + n > file.size,
      mapped,
      direct,
    });
  }

  ended(call: Call): void {
    const open = this.find(call);
    if (open !== null) {
      this.open.splice(this.open.indexOf(open), 1);
      this.spare.push(open);
    }
    this.judging = null;
    if (this.open.length === 0 && this.stores.length > 0) this.stores.length = 0;
  }

  private find(call: Call): Open | null {
    for (const open of this.open) if (open.call.id === call.id) return open;
    return null;
  }
}

function sameFile(one: Call, other: Call): boolean {
  return one.file === other.file || one.fromFile === other.file || one.file === other.fromFile;
}

function storeEnd(store: Store): Bytes {
  return store.offset + store.after.length;
}

/**
 * A direct write overlapped an access through the cache. A folio that the access dirtied may have been read before the
 * write, and then hides it wherever it reaches (INV-31): the bytes before the write stay possible.
 */
function hide(state: State, file: FileModel, from: Bytes, before: Uint8Array, offset: Bytes, end: Bytes): void {
  const { maxFolioSize } = state.geometry;
  const start = Math.max(from, roundDown(offset, maxFolioSize));
  const stop = Math.min(from + before.length, roundUp(end, maxFolioSize), file.size);
  for (let at = start; at < stop; at++) mayBe(file, at, before[at - from]!);
}

/**
 * The order of two calls that changed these blocks is not known, nor the size that either met: every state is possible in
 * the folios around, and of what either reserved behind the end.
 */
function blur(state: State, file: FileModel, offset: Bytes, end: Bytes): void {
  const { maxFolioSize } = state.geometry;
  if (offset > end + maxFolioSize) return;
  const from = roundDown(Math.max(0, Math.min(offset, end)), maxFolioSize);
  const to = Math.min(roundUp(Math.max(offset, end), maxFolioSize) + maxFolioSize, from + WIDEST * state.block);
  mayBeAnything(state, file, from, Math.min(to, LARGEST_FILE));
}

/** Sizes that an open call may have given, or may give, its file. */
function widen(state: State, open: Open, other: Call): void {
  const { size } = state.file(other.file);
  const most = Math.max(
    size,
    other.size,
    other.offset + other.length,
    size + (other.name === 'insert' ? other.length : 0),
  );
  open.mostSize = Math.max(open.mostSize, most);
  if (other.name === 'truncate') open.leastSize = Math.min(open.leastSize, other.size);
  if (other.name === 'collapse') open.leastSize = Math.min(open.leastSize, Math.max(0, size - other.length));
}

const none: Store['doubts'] = [];
const one = new Uint8Array(1);

/** May the open call have stored `seen` at `offset` already? */
function mayStore(call: Call, offset: Bytes, seen: number): boolean {
  switch (call.name) {
    case 'write':
    case 'dwrite':
    case 'mapwrite':
      if (offset < call.offset) return seen === 0;
      if (offset >= call.offset + call.length) return false;
      fillData(call.data, offset, one, 0, 1);
      return one[0] === seen;
    case 'truncate':
    case 'punch':
    case 'zero':
      return seen === 0;
    // These bring bytes from elsewhere.
    case 'collapse':
    case 'insert':
    case 'reflink':
    case 'copy':
      return true;
    default:
      return false;
  }
}

/** Bytes that both stored to, one of them the model's now: the others are possible too. */
function meet(state: State, file: FileModel, from: Bytes, to: Bytes, store: Store): void {
  if (store.mapped) {
    addScribble(state, file, store.offset, store.after);
    const bound = Math.min(state.blockUp(file.size), state.folioUp(store.offset + store.after.length));
    mayBecomeData(state, file, state.folioDown(store.offset), bound);
  }
  const start = Math.max(from, store.offset);
  const end = Math.min(to, store.offset + store.after.length, file.size);
  for (let at = start; at < end; at++) {
    mayBe(file, at, store.after[at - store.offset]!);
  }
}

/** A copy may have read any value that its source had while it ran: what stood before or after an overlapping store. */
function copied(file: FileModel, call: Call, store: Store): void {
  const start = Math.max(call.fromOffset, store.offset);
  const end = Math.min(call.fromOffset + call.length, store.offset + store.after.length);
  for (let from = start; from < end; from++) {
    const at = call.offset + (from - call.fromOffset);
    if (at >= file.size) return;
    mayBe(file, at, store.before[from - store.offset]!);
    mayBe(file, at, store.after[from - store.offset]!);
  }
}

/** The byte has this value or one that is known to be possible already. */
function mayBe(file: FileModel, at: Bytes, value: number): void {
  if (value === byteAt(file, at)) return;
  const known = file.doubts.get(at);
  if (known === undefined) file.doubts.set(at, [value]);
  else if (!known.includes(value)) known.push(value);
}

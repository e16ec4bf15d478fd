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
import type { Answer, Bytes, Call, FileId, OperationName } from '../../contract/index.js';
import type { Change } from '../operations/operation.js';
import { mayCache } from '../state/map.js';
import type { State } from '../state/state.js';
import { blur } from './either-order.js';
import { meets, type Open, openCall, readBeside, resizedTo, type Sizes, touches, widen } from './open-calls.js';
import { StoreLog } from './store-log.js';

/** Calls that may set the size of their file. */
const RESIZING: ReadonlySet<OperationName> = new Set(['write', 'dwrite', 'truncate', 'falloc', 'zero', 'copy']);

export class Overlap {
  /** Overlapping calls took effect in any order, not in that of their answers: a property of the target. */
  anyOrder = false;
  private readonly open: Open[] = [];
  private readonly log = new StoreLog(this.open);
  private judging: Open | null = null;
  /** Records of calls that ended, for the next ones. */
  private readonly spare: Open[] = [];

  /** No call is open. */
  get idle(): boolean {
    return this.open.length === 0;
  }

  /** Several calls are open, or one is being judged that others overlapped. */
  get active(): boolean {
    return this.open.length > 1 || !this.log.empty;
  }

  /** The calls that are open, in the order in which they began. */
  eachOpen(visit: (call: Call) => void): void {
    for (const { call } of this.open) visit(call);
  }

  clear(): void {
    this.open.length = 0;
    this.log.clear();
    this.judging = null;
  }

  began(state: State, call: Call): void {
    const open = openCall(state, call, this.log.begins(state), this.spare.pop());
    this.open.push(open);
    for (const other of this.open) {
      if (other === open) continue;
      other.disturbed = true;
      open.disturbed = true;
      other.accompanied = true;
      open.accompanied = true;
      if (touches(call, other.call)) other.overlapped = true;
      if (touches(other.call, call)) open.overlapped = true;
      meets(open, other.call);
      meets(other, call);
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
    open.overlapped ||= this.log.copiedTo(call);
    if (!open.overlapped) return;
    for (const other of this.open) if (other !== open) widen(state, open, other.call);
  }

  /** Others worked on the file of the judged call while it was open. */
  get contended(): boolean {
    return this.judging?.overlapped === true;
  }

  /** Others worked on this file while the judged call, which wrote it back, was open. */
  contendedIn(file: FileId): boolean {
    return this.contended || this.judging?.met.has(file) === true;
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
    return this.log.mayShow(this.judging, file, offset, n, memory, at);
  }

  /**
   * The steps of the judged call, on whose file others worked, change that file: `apply` runs them. Bytes that overlapping
   * calls stored to as well keep the values of both.
   */
  applying(state: State, call: Call, answer: Answer, changes: Change | null, apply: () => void): void {
    const open = this.judging!;
    const file = state.file(call.file);
    const before = file.size;
    this.log.applying(state, open, answer, changes, apply);
    if (open.readFrom < Number.POSITIVE_INFINITY) mayCache(state, file, open.readFrom);
    const { size } = file;
    for (const other of this.open) {
      resizedTo(size, file.id, other);
      if (other !== open && other.call.file === file.id && RESIZING.has(call.name)) other.resized = true;
    }
    if (!this.anyOrder) return;
    // A mapped store behind the end the model knew was below it: a call that has not answered had made the file larger.
    this.log.surfacing(file, before);
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

  /** The judged call has had its effect. */
  ended(): void {
    const open = this.judging;
    if (open !== null) {
      for (const other of this.open) if (other !== open) readBeside(open.call, other);
      if (this.open[this.open.length - 1] === open) this.open.pop();
      else this.open.splice(this.open.indexOf(open), 1);
      this.spare.push(open);
    }
    this.judging = null;
    if (this.open.length === 0) this.log.forget();
  }

  private find(call: Call): Open | null {
    for (const open of this.open) if (open.call.id === call.id) return open;
    return null;
  }
}

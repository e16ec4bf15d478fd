/**
 * What the checks remember of one file between two looks at it: its blocks now and before, what changed, and the byte
 * ranges whose content has to be compared.
 */
import type { Bytes, FileId, FileView } from '../../../model/contract/index.js';
import { Code } from './block-state.js';
import { Ranges } from './ranges.js';
import { Rows } from './rows.js';

/** In what a changed block differs: the bits of its code that do (`Code.own`), and where it lies. */
export const Moved = { dataBlock: 1 << 14, cowBlock: 1 << 15 } as const;
/** Anything in the map of the data fork, and of the copy-on-write fork. */
export const DATA_FORK = Code.data | Moved.dataBlock;
export const COW_FORK = Code.cow | Moved.cowBlock;

export class FileTrack {
  readonly id: FileId;
  view!: FileView;
  rows = new Rows();
  previous = new Rows();
  /** False until the file has been looked at in this sequence (or since its inode was last set up). */
  known = false;
  /** The view's version at the last look, and whether that look was at a quiescent instant. */
  version = -1;
  quiet = false;
  /** An event said that something changed since then. */
  touched = false;
  /** How often the file was looked at. */
  looks = 0;
  isize: Bytes = 0;
  dsize: Bytes = 0;
  cookie = 0;
  cowCookie = 0;
  lastIsize: Bytes = 0;
  lastDsize: Bytes = 0;
  lastCookie = 0;
  lastCowCookie = 0;
  /** Rows that differ from the previous look: row in `previous` and in `rows`, −1 where there is none. */
  changes = 0;
  changedFrom = new Int32Array(64);
  changedTo = new Int32Array(64);
  /** In what each of them differs, and in what any does. */
  changedIn = new Int32Array(64);
  changed = 0;
  /** Bytes whose cached content, and whose content on the device, may have become wrong since it was last compared. */
  readonly cacheSuspects = new Ranges();
  readonly deviceSuspects = new Ranges();
  /** Suspects that could not be looked at now (locked folios, something in flight) and stay. */
  keepCacheSuspects = false;
  keepDeviceSuspects = false;
  /** Folios that a view could store to, behind the end too, since their tail was last zeroed (INV-27). */
  readonly scribbled = new Ranges();
  /** Bytes that became clean since the last look, each by an event that says why (INV-28). */
  readonly cleaned = new Ranges();
  /** Where the rotating comparison goes on. */
  cursor = 0;

  constructor(id: FileId) {
    this.id = id;
  }

  reset(): void {
    this.forget();
    this.looks = 0;
    this.cacheSuspects.clear();
    this.deviceSuspects.clear();
    this.cursor = 0;
  }

  /** The inode is gone or set up anew: what was known of the earlier one says nothing about it. */
  forget(): void {
    this.known = false;
    this.version = -1;
    this.touched = true;
    this.scribbled.clear();
    this.cleaned.clear();
  }

  /** The first look at this inode: what the look before showed was another one. */
  nothingBefore(): void {
    this.previous.count = 0;
    this.lastIsize = this.isize;
    this.lastDsize = this.dsize;
    this.lastCookie = this.cookie;
    this.lastCowCookie = this.cowCookie;
  }

  /** Marks [from, to) as possibly changed, in the cache and on the device. */
  suspect(from: Bytes, to: Bytes): void {
    this.cacheSuspects.add(from, to);
    this.deviceSuspects.add(from, to);
  }

  note(from: number, to: number, differs: number): void {
    if (this.changes === this.changedFrom.length) {
      const grow = (old: Int32Array): Int32Array<ArrayBuffer> => {
        const fresh = new Int32Array(2 * old.length);
        fresh.set(old);
        return fresh;
      };
      this.changedFrom = grow(this.changedFrom);
      this.changedTo = grow(this.changedTo);
      this.changedIn = grow(this.changedIn);
    }
    this.changed |= differs;
    this.changedIn[this.changes] = differs;
    this.changedFrom[this.changes] = from;
    this.changedTo[this.changes++] = to;
  }

  /** Nothing changed since the last look: there are no differences to judge. */
  still(): void {
    this.changes = 0;
    this.changed = 0;
    this.lastIsize = this.isize;
    this.lastDsize = this.dsize;
    this.lastCookie = this.cookie;
    this.lastCowCookie = this.cowCookie;
  }

  /** Compares rows [j, m) with [i, n) of `previous` and lists what differs in a block's own state. */
  compare(i: number, n: number, j: number, m: number): void {
    const { rows, previous } = this;
    const { block: blockBefore, code: codeBefore, dataBlock: dataBefore, cowBlock: cowBefore } = previous;
    const { block, code, dataBlock, cowBlock } = rows;
    this.changes = 0;
    this.changed = 0;
    while (i < n && j < m) {
      const before = blockBefore[i]!;
      const now = block[j]!;
      if (before === now) {
        let differs = (codeBefore[i]! ^ code[j]!) & Code.own;
        if (dataBefore[i] !== dataBlock[j]) differs |= Moved.dataBlock;
        if (cowBefore[i] !== cowBlock[j]) differs |= Moved.cowBlock;
        if (differs !== 0) this.note(i, j, differs);
        i++;
        j++;
      } else if (before < now) this.note(i, -1, all(previous, i++));
      else this.note(-1, j, all(rows, j++));
    }
    while (i < n) this.note(i, -1, all(previous, i++));
    while (j < m) this.note(-1, j, all(rows, j++));
  }

  /** The block that a change is about. */
  changedBlock(change: number): number {
    const row = this.changedTo[change]!;
    return row >= 0 ? this.rows.block[row]! : this.previous.block[this.changedFrom[change]!]!;
  }
}

/** In what a row differs from a block that is nothing. */
function all(rows: Rows, row: number): number {
  let differs = rows.code[row]! & Code.own;
  if (rows.dataBlock[row] !== -1) differs |= Moved.dataBlock;
  if (rows.cowBlock[row] !== -1) differs |= Moved.cowBlock;
  return differs;
}

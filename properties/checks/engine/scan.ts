/**
 * Looking at a file: one pass over its blocks and one over its folios, in which every rule about single blocks and folios
 * is judged by table, and the rows are kept for the checks that need more. Sparse files are walked by what is there.
 */
import { BlockTable, type FileView, type FolioView } from '../../../model/contract/index.js';
import { blockCode, Code, type RuleTable } from './block-state.js';
import type { FileTrack } from './file-track.js';
import { folioCode } from './folio-state.js';
import type { Rows } from './rows.js';

/** Blocks asked for at a time, and blocks asked for behind those known. */
const WINDOW = 128;
const MARGIN = 8;
/** One look in this many goes over all blocks, whatever the target says has moved. */
const WHOLE_EVERY = 16;

export class Scanner {
  readonly blockRules: RuleTable;
  readonly folioRules: RuleTable;
  /** Of the last look: what the rules said about all blocks and about all folios together. */
  ofBlocks = 0;
  ofFolios = 0;
  readonly #table = new BlockTable();

  constructor(blockRules: RuleTable, folioRules: RuleTable) {
    this.blockRules = blockRules;
    this.folioRules = folioRules;
  }

  /** Takes in the file as it is now. `quiet`: nothing runs and nothing is in flight. */
  look(file: FileTrack, view: FileView, blockSize: number, quiet: boolean): void {
    const { rows, known, looks } = file;
    const sizeBefore = file.isize;
    file.rows = file.previous;
    file.previous = rows;
    file.view = view;
    file.still();
    file.isize = view.isize;
    file.dsize = view.dsize;
    file.cookie = view.cookie;
    file.cowCookie = view.cowCookie;
    file.version = view.version;
    file.quiet = quiet;
    file.looks++;
    if (!known) file.nothingBefore();
    let from = 0;
    let to = Number.POSITIVE_INFINITY;
    const { moved } = view;
    if (moved !== undefined) {
      if (known && looks % WHOLE_EVERY !== 0) {
        from = moved.from;
        to = moved.to;
        if (sizeBefore !== view.isize) {
          from = Math.min(from, Math.floor(Math.min(sizeBefore, view.isize) / blockSize));
          to = Math.max(to, Math.ceil(Math.max(sizeBefore, view.isize) / blockSize));
        }
        if (from > to) from = to;
      }
      moved.clear();
    }
    this.#blocks(file, view, Math.ceil(view.isize / blockSize), quiet ? Code.quiet : 0, from, to);
    this.#folios(file, view, blockSize, quiet);
  }

  /** Takes in the blocks [first, end) from the view; the others are as they were. */
  #blocks(file: FileTrack, view: FileView, last: number, place: number, first: number, end: number): void {
    const rules = this.blockRules;
    const table = this.#table;
    const { rows, previous } = file;
    rows.count = 0;
    this.ofBlocks = 0;
    const before = first > 0 ? previous.seek(first) : 0;
    const behind = end < Number.POSITIVE_INFINITY ? previous.seek(end) : previous.count;
    this.#keep(rows, previous, 0, before, place);
    let said = 0;
    // The file is likely to end about where it ended at the last look.
    const known = Math.min(end, behind === 0 ? 0 : previous.block[behind - 1]! + 1 + MARGIN);
    let from = first < end ? view.next(first) : -1;
    while (from >= 0 && from < end) {
      const count = Math.min(end - from, from < known ? Math.min(WINDOW, known - from) : MARGIN);
      table.frame(from, count);
      view.describe(from, count, table);
      rows.reserve(count);
      const { data, dataBlock, shared, cow, cowBlock, cache, memoryAt } = table;
      const { block: blockOf, code: codeOf, dataBlock: dataBlockOf, cowBlock: cowBlockOf, memoryAt: memoryOf } = rows;
      let row = rows.count;
      for (let i = 0; i < count; i++) {
        const kind = data[i]!;
        const fork = cow[i]!;
        const cached = cache[i]!;
        if ((kind | fork | cached) === 0) continue;
        const code = blockCode(kind, shared[i]!, fork, cached, from + i < last ? place | Code.below : place);
        said |= rules[code]!;
        blockOf[row] = from + i;
        codeOf[row] = code;
        dataBlockOf[row] = dataBlock[i]!;
        cowBlockOf[row] = cowBlock[i]!;
        memoryOf[row] = memoryAt[i]!;
        row++;
      }
      rows.count = row;
      from = from + count < end ? view.next(from + count) : -1;
    }
    file.compare(before, behind, before, rows.count);
    this.#keep(rows, previous, behind, previous.count, place);
    this.ofBlocks |= said;
  }

  /** Rows [from, to) of the last look stand: every rule is asked about them all the same. */
  #keep(rows: Rows, previous: Rows, from: number, to: number, place: number): void {
    if (from >= to) return;
    const rules = this.blockRules;
    rows.reserve(to - from);
    const { block, code, dataBlock, cowBlock, memoryAt } = rows;
    let said = 0;
    let row = rows.count;
    for (let i = from; i < to; i++, row++) {
      const state = (previous.code[i]! & ~Code.quiet) | place;
      said |= rules[state]!;
      block[row] = previous.block[i]!;
      code[row] = state;
      dataBlock[row] = previous.dataBlock[i]!;
      cowBlock[row] = previous.cowBlock[i]!;
      memoryAt[row] = previous.memoryAt[i]!;
    }
    rows.count = row;
    this.ofBlocks |= said;
  }

  /** The blocks of a folio taken together: are all uptodate, is some dirty. */
  summary(file: FileTrack, folio: FolioView, blockSize: number): { readonly all: boolean; readonly some: boolean } {
    const { rows } = file;
    const first = Math.floor(folio.pos / blockSize);
    const count = folio.size <= blockSize ? 1 : folio.size / blockSize;
    let found = 0;
    let some = false;
    for (let row = rows.seek(first); row < rows.count && rows.block[row]! < first + count; row++) {
      if ((rows.code[row]! & Code.uptodate) !== 0) found++;
      if ((rows.code[row]! & Code.dirty) !== 0) some = true;
    }
    return { all: found === count, some };
  }

  #folios(file: FileTrack, view: FileView, blockSize: number, quiet: boolean): void {
    const rules = this.folioRules;
    const { count: rowCount, block: blockOf, code: codeOf } = file.rows;
    const { folios } = view;
    let said = 0;
    let row = 0;
    for (let place = 0; place < folios.length; place++) {
      const folio = folios[place]!;
      const first = Math.floor(folio.pos / blockSize);
      const count = folio.size <= blockSize ? 1 : folio.size / blockSize;
      const end = first + count;
      while (row < rowCount && blockOf[row]! < first) row++;
      let all = Code.uptodate as number;
      let some = 0;
      let found = 0;
      for (; row < rowCount && blockOf[row]! < end; row++) {
        const code = codeOf[row]!;
        all &= code;
        some |= code;
        found++;
      }
      if (found < count) all = 0;
      const code = folioCode(folio, all !== 0, (some & Code.dirty) !== 0, file.isize, quiet);
      said |= rules[code]!;
    }
    this.ofFolios = said;
  }
}

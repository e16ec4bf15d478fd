/**
 * One folio through the cache and writeback, as far as an observer of whole folios can tell (section 3 of writeback.md,
 * WB-02, WB-10, WB-81, PC-95, INV-23, INV-24, INV-28).
 *
 * The states of its blocks (uptodate, dirty) are another chart. A store during writeback is legal (WB-03) and shows as
 * `redirtied`, from where the folio is taken again only after the present cycle ended.
 */
import { setup } from 'xstate';
import { compileChart, type TableOf } from './compile.js';

/** What can be seen of a folio. */
export type FolioWritebackEvent =
  /** It enters the cache. */
  | { type: 'add' }
  /** A store, or zeroing, made it dirty. */
  | { type: 'store' }
  /** Writeback takes it: `dirty` is cleared under the folio lock. */
  | { type: 'take' }
  /** A dirty piece was put into an ioend. */
  | { type: 'piece' }
  /** A dirty piece is backed by nothing and needs nothing (WB-14), or could not be mapped and its error was recorded. */
  | { type: 'skip' }
  /** The last submitted byte completed, or nothing was submitted. */
  | { type: 'done' }
  /** Dropped, cut off or reclaimed. */
  | { type: 'drop' };

export const folioWriteback = setup({
  types: { events: {} as FolioWritebackEvent, tags: {} as 'rest' },
}).createMachine({
  id: 'folio-writeback',
  initial: 'absent',
  states: {
    absent: { tags: 'rest', on: { add: 'clean' } },
    clean: { tags: 'rest', on: { store: 'dirty', drop: 'absent' } },
    dirty: { tags: 'rest', on: { store: 'dirty', take: 'taken', drop: 'absent' } },
    /** Locked by writeback, its pieces are being mapped. No store gets at it: stores need the lock or a fault. */
    taken: { on: { piece: 'writeback', skip: 'taken', done: 'clean' } },
    /** Under writeback. It cannot be dropped before `done` (PC-95, WB-55). */
    writeback: { on: { piece: 'writeback', skip: 'writeback', store: 'redirtied', done: 'clean' } },
    redirtied: { on: { piece: 'redirtied', skip: 'redirtied', store: 'redirtied', done: 'dirty' } },
  },
});

export const folioWritebackTable: TableOf<typeof folioWriteback> = compileChart(folioWriteback);

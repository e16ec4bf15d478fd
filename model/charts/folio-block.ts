/**
 * One block of a file in the page cache: its U and D bits, and the writeback bit of its folio (PC-04, PC-08, PC-20…33,
 * WB-02, WB-03, WB-55, PC-95, INV-20…28). D is cleared after writeback has taken the folio and before its I/O, so a store
 * during the I/O makes the block dirty again; nothing drops a block until the I/O and its completion work are done.
 */
import { setup } from 'xstate';
import { compileChart, type TableOf } from './compile.js';

/** What can happen to a block of a folio. */
export type FolioBlockEvent =
  /** A folio over it enters the cache. */
  | { type: 'add' }
  /** Its bytes are in place: read from the device, or zeroed (PC-20). */
  | { type: 'fill' }
  /** A store made it dirty. */
  | { type: 'store' }
  /** D is cleared: writeback writes it, or it was cut off or discarded, or lies behind the end (INV-28). */
  | { type: 'clean' }
  /** Writeback took its folio. */
  | { type: 'take' }
  /** Its folio left writeback. */
  | { type: 'done' }
  /** The folio leaves the cache. */
  | { type: 'drop' };

export const folioBlock = setup({
  types: { events: {} as FolioBlockEvent, tags: {} as 'rest' },
}).createMachine({
  id: 'folio-block',
  initial: 'absent',
  states: {
    absent: { tags: 'rest', on: { add: 'empty' } },
    /** Covered by a folio, its bytes are not in place. */
    empty: { tags: 'rest', on: { fill: 'clean', take: 'emptyTaken', drop: 'absent' } },
    clean: { tags: 'rest', on: { fill: 'clean', store: 'dirty', take: 'cleanTaken', drop: 'absent' } },
    /** Only truncation, punching and failures drop what is dirty (PC-95). */
    dirty: { on: { fill: 'dirty', store: 'dirty', clean: 'clean', take: 'dirtyTaken', drop: 'absent' } },
    /** The same, in a folio under writeback. */
    emptyTaken: { on: { fill: 'cleanTaken', done: 'empty' } },
    cleanTaken: { on: { fill: 'cleanTaken', store: 'dirtyTaken', done: 'clean' } },
    dirtyTaken: { on: { fill: 'dirtyTaken', store: 'dirtyTaken', clean: 'cleanTaken', done: 'dirty' } },
  },
});

export const folioBlockTable: TableOf<typeof folioBlock> = compileChart(folioBlock);

/**
 * One block of a file in the page cache: its U and D bits (PC-04, PC-08, PC-20…33, INV-20…28). A dirty block is uptodate
 * but for a fault on a whole folio, which brings every block uptodate first (PC-96).
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
  /** Writeback took it, or it was discarded, or lies behind the end: D is cleared before the I/O (PC-08). */
  | { type: 'clean' }
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
    empty: { tags: 'rest', on: { fill: 'clean', drop: 'absent' } },
    clean: { tags: 'rest', on: { fill: 'clean', store: 'dirty', drop: 'absent' } },
    /** Only truncation and punching drop what is dirty (PC-95). */
    dirty: { on: { fill: 'dirty', store: 'dirty', clean: 'clean', drop: 'absent' } },
  },
});

export const folioBlockTable: TableOf<typeof folioBlock> = compileChart(folioBlock);

/**
 * One block of a file in the data fork (d(f,i) of invariants.md section 0): what reservation, allocation, conversion and
 * freeing do to it (MAP-20…24, WB-16, WB-51, WB-52, FS-X10, FS-X14, INV-42). The copy-on-write fork is not part of it. A
 * block that gets another device block is a hole in between, if only inside one transaction: so nothing is overwritten, and
 * what is delayed is never written without having been unwritten (WB-16).
 */
import { setup } from 'xstate';
import { compileChart, type TableOf } from './compile.js';

/** What can happen to a block. */
export type FileBlockEvent =
  /** A buffered write or a fault reserved space for it. */
  | { type: 'reserve' }
  /** The reservation was given back: nothing was stored, or the block was cut off (PC-50, INV-13). */
  | { type: 'release' }
  /** It got a device block whose content nobody may see yet. */
  | { type: 'allocate' }
  /** The device block holds the data (WB-51, DIO-41). */
  | { type: 'convert' }
  /** A copy-on-write block (WB-52), or one shared with another file (FS-X14), became the data fork's. */
  | { type: 'attach' }
  /** The device block goes: truncated, punched, or replaced. */
  | { type: 'free' };

export const fileBlock = setup({
  types: { events: {} as FileBlockEvent, tags: {} as 'rest' },
}).createMachine({
  id: 'file-block',
  initial: 'hole',
  states: {
    hole: { tags: 'rest', on: { reserve: 'delayed', allocate: 'unwritten', attach: 'written' } },
    /** Space is promised, no device block is chosen. */
    delayed: { on: { release: 'hole', allocate: 'unwritten' } },
    /** A device block is there; readers see zeroes. */
    unwritten: { tags: 'rest', on: { convert: 'written', free: 'hole' } },
    written: { tags: 'rest', on: { free: 'hole' } },
  },
});

export const fileBlockTable: TableOf<typeof fileBlock> = compileChart(fileBlock);

/**
 * One block of a file in the data fork (d(f,i) of invariants.md section 0): what allocation, conversion and freeing do to
 * it (MAP-20…24, WB-51, WB-52, FS-X7, FS-X10, INV-42). The copy-on-write fork is not part of it; when copy-on-write blocks
 * are remapped the block is written, whatever it was.
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
  /** Copy-on-write blocks became the data fork (WB-52). */
  | { type: 'remap' }
  /** The content is not wanted any more, the space stays (zeroing by unmapping and preallocating). */
  | { type: 'free' };

export const fileBlock = setup({
  types: { events: {} as FileBlockEvent, tags: {} as 'rest' },
}).createMachine({
  id: 'file-block',
  initial: 'hole',
  states: {
    hole: { tags: 'rest', on: { reserve: 'delayed', allocate: 'unwritten', remap: 'written' } },
    /** Space is promised, no device block is chosen. */
    delayed: { on: { release: 'hole', allocate: 'unwritten', free: 'hole', remap: 'written' } },
    /** A device block is there; readers see zeroes. */
    unwritten: { tags: 'rest', on: { convert: 'written', free: 'hole', remap: 'written' } },
    written: { tags: 'rest', on: { free: 'hole', remap: 'written' } },
  },
});

export const fileBlockTable: TableOf<typeof fileBlock> = compileChart(fileBlock);

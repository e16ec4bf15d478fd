/** Every life cycle there is a chart of, as machine and as table, in the order in which the docs draw them. */
import type { AnyStateMachine } from 'xstate';
import type { ChartTable } from './compile.js';
import { directRequest, directRequestTable } from './direct-request.js';
import { fileBlock, fileBlockTable } from './file-block.js';
import { folioBlock, folioBlockTable } from './folio-block.js';
import { ioend, ioendTable } from './ioend.js';
import { mappingIteration, mappingIterationTable } from './mapping-iteration.js';
import { mount, mountTable } from './mount.js';

export const CHARTS: readonly {
  readonly machine: AnyStateMachine;
  readonly table: ChartTable;
  readonly about: string;
}[] = [
  {
    machine: mappingIteration,
    table: mappingIterationTable,
    about: 'One mapping iteration: begin, is it still valid, the work, end.',
  },
  { machine: fileBlock, table: fileBlockTable, about: 'One block of a file in the data fork.' },
  { machine: folioBlock, table: folioBlockTable, about: 'One block of a file in the page cache, through writeback.' },
  { machine: ioend, table: ioendTable, about: 'One ioend: built, submitted, completed, its metadata work.' },
  { machine: directRequest, table: directRequestTable, about: 'One direct request, from its begin to its result.' },
  { machine: mount, table: mountTable, about: 'A file system from mount to mount.' },
];

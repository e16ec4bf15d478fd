/**
 * One mapping iteration: begin, the freshness check, the work, end, and round again (MAP-40, MAP-52, MAP-53, MAP-60…62,
 * INV-04, INV-05, INV-06).
 *
 * An operation may run several iterations one after the other; each starts and finishes in `idle`. The chart says only
 * what may follow what. Positions, lengths and the one-to-one relation of STALE and repeated begins are rules beside it.
 * The simple direct read of DIO-60, which never calls end, is not an iteration and does not come here.
 */
import { setup } from 'xstate';
import { compileChart, type TableOf } from './compile.js';

/** What can be seen of an iteration. */
export type MappingIterationEvent =
  /** The file system is asked for a mapping. */
  | { type: 'begin' }
  /** Begin answered with an errno; end is not called for it (MAP-40). */
  | { type: 'refused' }
  /** Begin returned a mapping. */
  | { type: 'given' }
  /** The reply had a source mapping too; it is part of the reply, so nothing comes between. */
  | { type: 'sourced' }
  /** The mapping was found fresh for a locked folio (MAP-52). */
  | { type: 'valid' }
  /** The mapping was found outdated: STALE, the folio is left untouched (MAP-53). */
  | { type: 'invalid' }
  /** The body begins to use the mapping: to store, read, build I/O, report, or skip a hole (MAP-42). */
  | { type: 'work' }
  /** End was called. */
  | { type: 'end' }
  /** Nothing remains, or nothing was done and the mapping is not STALE (MAP-62), or end or the body failed. */
  | { type: 'finish' };

export const mappingIteration = setup({
  types: { events: {} as MappingIterationEvent, tags: {} as 'rest' },
}).createMachine({
  id: 'mapping-iteration',
  initial: 'idle',
  states: {
    /** No begin is outstanding. */
    idle: { tags: 'rest', on: { begin: 'asking' } },
    /** Begin was called and has not answered. */
    asking: { on: { given: 'given', refused: 'idle' } },
    /** A mapping is in hand, untouched. */
    given: { on: { sourced: 'sourced', work: 'working', end: 'between' } },
    /** A mapping and its source are in hand, untouched. */
    sourced: { on: { work: 'working', end: 'between' } },
    /** The body runs on the mapping. Each folio of a buffered write is checked anew, so it may still become stale. */
    working: { on: { valid: 'working', invalid: 'stale', end: 'between' } },
    /** Found outdated. The body leaves without touching anything more. */
    stale: { on: { end: 'between' } },
    /** End was called: on to the next mapping, or out. */
    between: { on: { begin: 'asking', finish: 'idle' } },
  },
});

export const mappingIterationTable: TableOf<typeof mappingIteration> = compileChart(mappingIteration);

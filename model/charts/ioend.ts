/**
 * One ioend of writeback: built from pieces, submitted, completed, and its metadata work (WB-20…29, WB-50…54, INV-40,
 * INV-42, INV-43, INV-45).
 *
 * The order of the completion work is what the chart is about: conversion and remapping only after the data is on the
 * device, the size on disk after them, and the folios leave writeback last. Which of the steps an ioend needs depends on
 * its flags and is a rule beside the chart.
 */
import { setup } from 'xstate';
import { compileChart, type TableOf } from './compile.js';

/** What can be seen of an ioend. */
export type IoendEvent =
  /** A first piece opens it. */
  | { type: 'open' }
  /** A further piece is appended (WB-20…25). */
  | { type: 'append' }
  /** It is handed to the device. */
  | { type: 'submit' }
  /** The pass failed: it completes with the error without having been submitted (WB-29). */
  | { type: 'abandon' }
  /** All of its device writes succeeded. */
  | { type: 'written' }
  /** One of its device writes failed. */
  | { type: 'failed' }
  /** Unwritten blocks became written (WB-51). */
  | { type: 'convert' }
  /** Copy-on-write blocks moved into the data fork (WB-52). */
  | { type: 'remap' }
  /** The size on disk was raised (WB-53). */
  | { type: 'raiseSize' }
  /** Its folios left writeback (WB-50). */
  | { type: 'finish' };

export const ioend = setup({
  types: { events: {} as IoendEvent, tags: {} as 'rest' },
}).createMachine({
  id: 'ioend',
  initial: 'none',
  states: {
    none: { tags: 'rest', on: { open: 'open' } },
    /** Pending in the context of a writeback pass. */
    open: { on: { append: 'open', submit: 'inFlight', abandon: 'failed' } },
    /** On the device. */
    inFlight: { on: { written: 'written', failed: 'failed' } },
    /** The data is on the device; the metadata is not changed yet. */
    written: { on: { convert: 'reachable', remap: 'reachable', raiseSize: 'sized', finish: 'none' } },
    /** The blocks written are those that a reader finds. A remap goes extent by extent (FS-X5). */
    reachable: { on: { convert: 'reachable', remap: 'reachable', raiseSize: 'sized', finish: 'none' } },
    /** The size on disk covers them. */
    sized: { on: { finish: 'none' } },
    /** No conversion and no size for a failed ioend (WB-54). */
    failed: { on: { finish: 'none' } },
  },
});

export const ioendTable: TableOf<typeof ioend> = compileChart(ioend);

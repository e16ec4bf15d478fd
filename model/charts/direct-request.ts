/**
 * One direct request, from its begin to the delivery of its result (DIO-09, DIO-40, DIO-41, INV-50, INV-51).
 *
 * `begun` covers the cache flush and the mapping iterations; whether a request has I/O in flight at the end of submission
 * decides between waiting for it and leaving it queued. Bios are not part of the chart: `bio` and `bioDone` only mark that
 * the request is fed, their count is a rule beside it. A read that starts at or past the end of the file, and a start
 * that fails before anything was submitted, return without a completion.
 */
import { setup } from 'xstate';
import { compileChart, type TableOf } from './compile.js';

/** What can be seen of a direct request. */
export type DirectRequestEvent =
  /** The request starts. */
  | { type: 'begin' }
  /** A mapping was given to it. */
  | { type: 'mapped' }
  /** Submission ended with I/O in flight and nobody waiting: -EIOCBQUEUED (DIO-40). */
  | { type: 'queued' }
  /** The file system's end_io ran: conversion, remapping, size (DIO-41). */
  | { type: 'endIo' }
  /** The result was delivered. */
  | { type: 'complete' }
  /** It returned before anything was submitted: nothing to read, or the start failed. */
  | { type: 'nothing' };

export const directRequest = setup({
  types: { events: {} as DirectRequestEvent, tags: {} as 'rest' },
}).createMachine({
  id: 'direct-request',
  initial: 'idle',
  states: {
    idle: { tags: 'rest', on: { begin: 'begun' } },
    /** Started; no mapping was given yet. */
    begun: { on: { mapped: 'submitting', endIo: 'ending', queued: 'queued', complete: 'done', nothing: 'done' } },
    /** At least one mapping was given. */
    submitting: { on: { mapped: 'submitting', queued: 'queued', endIo: 'ending', complete: 'done' } },
    /** In flight, its caller has gone on. */
    queued: { on: { endIo: 'ending', complete: 'done' } },
    /** The last bio is through; the file system does its part, once. An asynchronous one may get here before its caller
     *  has seen that it is queued. */
    ending: { on: { queued: 'ending', complete: 'done' } },
    /** Its result is out. The caller of an asynchronous request may learn only now that it was queued. */
    done: { tags: 'rest', on: { queued: 'done', begin: 'begun' } },
  },
});

export const directRequestTable: TableOf<typeof directRequest> = compileChart(directRequest);

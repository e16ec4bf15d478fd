/**
 * What each call does to a file if it takes effect as a whole, and what it may answer then (PC-30, INV-32, INV-36): sizes,
 * counts, errno, and the bytes of reads. A call that is not here, or that is not atomic, is not bound by the order: what it
 * may touch may change at any time.
 */
import {
  type Call,
  CallFlag,
  EINTR,
  EIO,
  ENOMEM,
  ENOSPC,
  ENXIO,
  type Errno,
  LOOKING,
  type OperationName,
} from '../../model/contract/index.js';
import type { Event } from './history.js';
import type { SerialState } from './state.js';

/** The call takes effect: false if it cannot have answered so. */
export type SerialRule = (state: SerialState, event: Event) => boolean;

const keepsSize = ({ flags }: Call): boolean => (flags & CallFlag.KEEP_SIZE) !== 0;

/** Its count may be smaller than what there is: it may not wait, or its buffer ends early. */
const mayBeShort = ({ flags, accessible }: Call): boolean => (flags & CallFlag.NOWAIT) !== 0 || accessible >= 0;

const write: SerialRule = (state, { call, error, count, bytes }) => {
  if (error < 0 || count === 0) return true;
  state.grow(call.offset + count);
  state.store(call.offset, bytes);
  return true;
};

const read: SerialRule = (state, { call, error, count, bytes }) => {
  if (error < 0) return true;
  if (!state.sizeFree && state.size >= 0) {
    const there = Math.max(0, Math.min(call.length, state.size - call.offset));
    if (mayBeShort(call) ? count > there : count !== there) return false;
  }
  return state.shows(call.offset, bytes.subarray(0, count));
};

const truncate: SerialRule = (state, { call, error }) => {
  if (error === 0) state.resize(call.size);
  return true;
};

/** Zeroes, or makes sure of space, up to an end that the file gets if it is to. */
const allocating =
  (zeroes: boolean): SerialRule =>
  (state, { call, error }) => {
    if (error < 0) return true;
    const end = call.offset + call.length;
    if (zeroes) state.zero(call.offset, state.size < 0 ? end : Math.min(end, state.size));
    if (!keepsSize(call)) state.grow(end);
    return true;
  };

const punch: SerialRule = (state, { call, error }) => {
  if (error === 0) state.zero(call.offset, call.offset + call.length);
  return true;
};

const stat: SerialRule = (state, { size }) => {
  if (state.sizeFree) return true;
  if (state.size < 0) state.size = size;
  return state.size === size;
};

/** SEEK_DATA may find nothing below the end (SEEK-01 … SEEK-03). */
const seek: SerialRule = (state, { call, error }) => {
  if (state.sizeFree || state.size < 0) return true;
  if (error === 0) return call.offset < state.size;
  return error !== ENXIO || call.name === 'seekData' || call.offset >= state.size;
};

const nothing: SerialRule = () => true;

export const SERIAL_RULES: ReadonlyMap<OperationName, SerialRule> = new Map<OperationName, SerialRule>([
  ['write', write],
  ['read', read],
  ['truncate', truncate],
  ['falloc', allocating(false)],
  ['zero', allocating(true)],
  ['punch', punch],
  ['stat', stat],
  ['seekData', seek],
  ['seekHole', seek],
  ['fsync', nothing],
  ['fdatasync', nothing],
  ['syncRange', nothing],
  ['sync', nothing],
  ['fiemap', nothing],
  ['mapread', nothing],
]);

/** Calls that change nothing, so that without them there is nothing to be bound by. */
const UNCHANGING: ReadonlySet<OperationName> = new Set([
  ...LOOKING,
  'fsync',
  'fdatasync',
  'syncRange',
  'sync',
  'readahead',
]);

/** Errors that may come when a part was done; with any other a call was refused before it began. */
const BREAKING: ReadonlySet<Errno> = new Set([EIO, ENOMEM, ENOSPC, EINTR]);

/** A write that fails has stored nothing (INV-32), unless it was its sync that failed (WB-71). */
function mayBeHalfDone({ call: { name, flags }, error }: Event): boolean {
  if (!BREAKING.has(error) || UNCHANGING.has(name)) return false;
  return name !== 'write' || (flags & (CallFlag.DSYNC | CallFlag.SYNC)) !== 0;
}

/**
 * A serial order has to explain the call: it takes effect as a whole, be it because nobody was there at the same time, and
 * is of a known kind.
 */
export function isBound(event: Event, events: readonly Event[]): boolean {
  if (!SERIAL_RULES.has(event.call.name) || mayBeHalfDone(event)) return false;
  return event.atomic || events.every(other => other === event || other.end < event.start || event.end < other.start);
}

/** What a call that is not bound by the order may do, at any time. */
export function unbind(state: SerialState, { call }: Event): void {
  if (UNCHANGING.has(call.name)) return;
  const { name, offset, length } = call;
  const inRange = name === 'mapwrite' || (SERIAL_RULES.has(name) && name !== 'truncate');
  if (inRange) state.free(offset, offset + length);
  else state.free(0, Number.POSITIVE_INFINITY);
  if (name !== 'punch' && (name !== 'mapwrite' || (call.flags & CallFlag.GROW) !== 0)) {
    state.sizeFree = true;
    state.free(Math.max(0, state.size), Number.POSITIVE_INFINITY);
  }
}

/**
 * The bytes that a search for serial orders follows: all that were read, or, of many, the edges of the calls and others at
 * even distances. A read that saw a part of a write saw it up to the edge of a sector, a block or a page.
 */
import type { Bytes } from '../../model/contract/index.js';
import type { Event } from './history.js';

/** Bytes that are followed at most, but for the edges. */
const MOST = 4_096;

/** Offsets, in ascending order. */
export function followed(events: readonly Event[]): readonly Bytes[] {
  const reads = union(events.filter(({ call, count }) => call.name === 'read' && count > 0).map(range));
  const length = reads.reduce((sum, [from, end]) => sum + (end - from), 0);
  const step = Math.max(1, Math.ceil(length / MOST));
  const offsets = new Set<Bytes>();
  for (const [from, end] of reads) for (let at = from; at < end; at += step) offsets.add(at);
  const edges = events.flatMap(event => [...range(event), event.call.size]).flatMap(at => [at - 1, at]);
  for (const at of edges) if (reads.some(([from, end]) => at >= from && at < end)) offsets.add(at);
  return [...offsets].sort((a, b) => a - b);
}

type Range = readonly [from: Bytes, end: Bytes];

/** What the call returned or stored, or was to change. */
function range({ call: { name, offset, length }, count }: Event): Range {
  return [offset, offset + (name === 'read' || name === 'write' ? count : length)];
}

function union(ranges: readonly Range[]): readonly Range[] {
  const joined: [Bytes, Bytes][] = [];
  for (const [from, end] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([from, end]);
  }
  return joined;
}

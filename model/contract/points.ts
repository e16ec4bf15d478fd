/**
 * The registered yield points: the places where a scheduler may let others run (locking-and-races.md section 4). Ids are
 * the specification's and stable, for they stand in traces; paths it names none for got ids of their own in the same
 * list. In code a point is its index, so that a yield costs nothing; between two yields everything is atomic.
 */

const list = [
  ['Y-BW1', 'buffered write: before begin'],
  ['Y-BW2', 'buffered write: after begin, mapping lock dropped'],
  ['Y-BW3', 'buffered write: dirty throttling'],
  ['Y-BW4', 'buffered write: faulting in the user buffer'],
  ['Y-BW5', 'buffered write: waiting for the folio lock or stable writeback'],
  ['Y-BW6', 'buffered write: synchronous read of a partial block, folio locked'],
  ['Y-BW7', 'buffered write: copying, folio locked'],
  ['Y-BW8', 'buffered write: folio unlocked, before the size extension is handled'],
  ['Y-BW9', 'buffered write: before end'],
  ['Y-BW10', 'buffered write: end waits for the invalidate lock'],
  ['Y-BW11', 'buffered write: between folios of the punch scan'],
  ['Y-BW12', 'buffered write: after end'],
  ['Y-MK1', 'write fault: before the folio lock'],
  ['Y-MK2', 'write fault: inside begin, mapping lock not held'],
  ['Y-MK3', 'write fault: between mappings, folio locked'],
  ['Y-MK4', 'write fault: the fault is done, before the store'],
  ['Y-WB1', 'writeback: waiting for the folio lock or the writeback bit'],
  ['Y-WB2', 'writeback: in the mapping callback'],
  ['Y-WB3', 'writeback: before bio submission'],
  ['Y-WB4', 'writeback: folio unlocked, I/O in flight'],
  ['Y-WB5', 'writeback: completion interrupt'],
  ['Y-WB6', 'completion worker: before the transaction'],
  ['Y-WB7', 'completion worker: between per-extent transactions'],
  ['Y-WB8', 'completion worker: before the writeback bit is cleared'],
  ['Y-WB9', 'waiting for writeback of a range to end'],
  ['Y-DW1', 'direct write: after the flush'],
  ['Y-DW2', 'direct write: after the invalidation'],
  ['Y-DW3', 'direct write: after begin'],
  ['Y-DW4', 'direct write: between bios'],
  ['Y-DW5', 'direct write: in flight'],
  ['Y-DW6', 'direct write: before end_io'],
  ['Y-DW7', 'direct write: between conversion and isize'],
  ['Y-DW8', 'direct write: between isize and invalidation'],
  ['Y-DW9', 'direct write: before sync'],
  ['Y-DR1', 'direct read: after the flush'],
  ['Y-DR2', 'direct read: after begin'],
  ['Y-DR3', 'direct read: in flight'],
  ['Y-ZR1', 'zero range: while flushing'],
  ['Y-ZR2', 'zero range: after begin'],
  ['Y-US1', 'unshare: after begin'],
  ['Y-TR1', 'truncate: waiting for direct I/O'],
  ['Y-TR2', 'truncate: the EOF block was zeroed'],
  ['Y-TR3', 'truncate: cache removal, before each folio'],
  ['Y-TR4', 'truncate: flush of [dsize, new)'],
  ['Y-TR5', 'truncate: between transactions'],
  ['Y-RD1', 'buffered read: before begin'],
  ['Y-RD2', 'buffered read: after begin'],
  ['Y-RD3', 'buffered read: folio read in flight'],
  ['Y-RD4', 'buffered read: between folios'],
  ['Y-FA1', 'fallocate, punch, collapse, insert: after the flush'],
  ['Y-FA2', 'fallocate, punch, collapse, insert: between transactions'],
  ['Y-SK1', 'seek, fiemap: between mappings'],
  ['Y-SY1', 'fsync: after writeback, before the log force'],
  ['Y-SY2', 'fsync: log force in flight'],
  ['Y-RL1', 'reflink, dedupe, copy: between extents'],
  ['Y-LK1', 'waiting for a lock'],
  ['Y-TX1', 'waiting for log space'],
] as const;

export type PointName = (typeof list)[number][0];
/** A yield point: its index in `POINT_NAMES`. */
export type Point = number & { readonly unit?: 'point' };

export const POINT_NAMES: readonly PointName[] = list.map(([name]) => name);
/** What happens at each point, by index. */
export const POINT_MEANINGS: readonly string[] = list.map(([, meaning]) => meaning);

/** The points by name: `Y['Y-BW2']`. */
export const Y: { readonly [Name in PointName]: Point } = Object.fromEntries(
  POINT_NAMES.map((name, index) => [name, index]),
) as { readonly [Name in PointName]: Point };

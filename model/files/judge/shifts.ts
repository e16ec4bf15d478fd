/**
 * Stores that overlap a collapse or an insert (INV-30, FS-X13): made before, their bytes moved with it; made after, they
 * lie where the call put them. Where nobody knows which, both places may show both values.
 */
import type { Bytes, Call } from '../../contract/index.js';

/** Everything from `from` on moved by `distance`. */
export interface Shift {
  readonly from: Bytes;
  readonly distance: number;
}

/** How the call moves its file, or null. */
export function shiftOf({ name, offset, length }: Call): Shift | null {
  if (name === 'collapse') return { from: offset + length, distance: -length };
  return name === 'insert' ? { from: offset, distance: length } : null;
}

/** Where else the byte stored at `offset` may be, if any of the shifts, in their order, came after the store. */
export function movedPlaces(offset: Bytes, shifts: readonly Shift[]): Bytes[] {
  const places = [offset];
  for (const { from, distance } of shifts)
    for (const place of [...places])
      if (place >= from && !places.includes(place + distance)) places.push(place + distance);
  return places.slice(1);
}

/** Where the byte that is at `offset` now may have been stored, if any of the shifts came after the store. */
export function formerPlaces(offset: Bytes, shifts: readonly Shift[]): Bytes[] {
  const places = [offset];
  for (const { from, distance } of [...shifts].reverse())
    for (const place of [...places]) {
      const before = place - distance;
      if (before >= from && !places.includes(before)) places.push(before);
    }
  return places.slice(1);
}

/**
 * What a file system that breaks the contract would answer: begin's reply with one of its rules broken, when the choice
 * `mapping-broken` asks for it. The library has to survive any file system, and a file system that is right cannot show
 * whether it does (INV-58).
 */
import {
  type Bytes,
  type Iomap,
  MapFlag,
  MapType,
  NULL_ADDR,
  OpFlag,
  type OpFlags,
} from '../../model/contract/index.js';

/** MAP-01, MAP-02, MAP-06 and MAP-07, in ways that leave end nothing to undo. */
const BREAKINGS: readonly ((map: Iomap, pos: Bytes) => void)[] = [
  (map, pos): void => {
    map.offset = pos + map.length;
  },
  (map): void => {
    map.length = 0;
  },
  (map): void => {
    map.length = 2 ** 53 - map.offset;
  },
  (map): void => {
    map.addr = map.type === MapType.HOLE || map.type === MapType.DELALLOC ? 0 : NULL_ADDR;
  },
];

/** The answers that the choice has beside the uneventful one. */
export const BREAKING_COUNT: number = BREAKINGS.length;

/** May this reply be broken? Not where begin reserved or allocated something that only its end can tell is unused. */
export function isBreakable(map: Iomap, source: Iomap, flags: OpFlags): boolean {
  if (map.type === MapType.INLINE || source.type !== MapType.HOLE) return false;
  if ((map.flags & (MapFlag.NEW | MapFlag.SHARED)) !== 0) return false;
  return (flags & (OpFlag.NOWAIT | OpFlag.OVERWRITE_ONLY | OpFlag.SEEK)) === 0;
}

/** Breaks it, in the way of this number, from 1. */
export function breakMapping(map: Iomap, pos: Bytes, way: number): void {
  BREAKINGS[way - 1]!(map, pos);
}

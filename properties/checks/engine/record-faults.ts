/** What can be wrong with a mapping record by itself, as a clause for a message, or '' when nothing is. */
import {
  type Bytes,
  type Iomap,
  MAP_TYPE_NAMES,
  MapFlag,
  MapType,
  NULL_ADDR,
  OpFlag,
  type OpFlags,
  roundDown,
} from '../../../model/contract/index.js';

/** MAP-01, MAP-02, MAP-03: it covers the position, has a length, overflows nowhere, and is whole blocks. */
export function coverFault(map: Iomap, pos: Bytes, blockSize: Bytes): string {
  const { offset, length, type } = map;
  if (!(length > 0)) return `has length ${length} (MAP-02)`;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(offset + length)) return 'ends beyond any file (MAP-02)';
  if (hasStorage(map) && map.addr >= 0 && !Number.isSafeInteger(map.addr + length))
    return 'overflows the device address (MAP-02)';
  const outside = offset < 0 || offset > pos || pos >= offset + length;
  const whole = roundDown(offset, blockSize) === offset && roundDown(length, blockSize) === length;
  if (!outside && (type === MapType.INLINE || whole)) return '';
  // In one place: numbers that two branches need as text are made text before both.
  const how = outside ? `and not the position ${pos} (MAP-01)` : `which is not whole blocks of ${blockSize} (MAP-03)`;
  return `covers [${offset}, ${offset + length}), ${how}`;
}

/** MAP-06, MAP-07, MAP-08: type and address agree. */
export function typeFault(map: Iomap, flags: OpFlags): string {
  switch (map.type) {
    case MapType.HOLE:
    case MapType.DELALLOC:
      return map.addr === NULL_ADDR ? '' : `is ${MAP_TYPE_NAMES[map.type]} with address ${map.addr} (MAP-06)`;
    case MapType.INLINE:
      if (map.inlineData === null) return 'is INLINE without a buffer (MAP-08)';
      return (flags & OpFlag.WRITE) !== 0 && map.offset !== 0 ? `is INLINE at ${map.offset} for a write (MAP-08)` : '';
    default: {
      if (map.addr >= 0 || (map.flags & MapFlag.ANON_WRITE) !== 0) return '';
      const delayedCow = map.type === MapType.UNWRITTEN && (map.flags & MapFlag.SHARED) !== 0;
      return delayedCow && (flags & OpFlag.SEEK) !== 0
        ? ''
        : `is ${MAP_TYPE_NAMES[map.type]} without an address (MAP-07)`;
    }
  }
}

function hasStorage(map: Iomap): boolean {
  return map.type === MapType.MAPPED || map.type === MapType.UNWRITTEN;
}

/** A record in words. */
export function describeRecord(map: Iomap): string {
  const where = map.addr === NULL_ADDR ? '' : ` at device byte ${map.addr}`;
  return `${MAP_TYPE_NAMES[map.type]} [${map.offset}, ${map.offset + map.length})${where}`;
}

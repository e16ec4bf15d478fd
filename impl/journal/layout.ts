/**
 * Where metadata lie: in a region behind the data blocks, so that a geometry means the same with and without it. Two
 * superblocks and two metadata areas are used in turn, then comes the log. All are made of units that do not depend on the
 * size of a file block and are torn, like everything, at sectors.
 */
import { type Bytes, type Geometry, roundUp } from '../../model/contract/index.js';
import { ITEM_BYTES } from './items.js';

const SMALLEST_UNIT = 128;
/** Small, so that a short program already goes around it. */
const LOG_UNITS = 64;
/** Items of an area beyond one an extent of one block each: inodes, and the pieces of shared extents. */
const SPARE_ITEMS = 64;

export interface MetadataLayout {
  readonly unit: Bytes;
  readonly superblocks: readonly [Bytes, Bytes];
  readonly areas: readonly [Bytes, Bytes];
  readonly areaBytes: Bytes;
  readonly log: Bytes;
  readonly logUnits: number;
  /** Bytes of the device. */
  readonly end: Bytes;
  readonly geometry: Geometry;
}

export function metadataLayout(geometry: Geometry): MetadataLayout {
  const unit = Math.max(SMALLEST_UNIT, geometry.sectorSize);
  const start = roundUp(geometry.blockSize * geometry.deviceBlocks, unit);
  const areaBytes = roundUp((geometry.deviceBlocks + SPARE_ITEMS) * ITEM_BYTES, unit);
  const areas = start + 2 * unit;
  const log = areas + 2 * areaBytes;
  return {
    unit,
    superblocks: [start, start + unit],
    areas: [areas, areas + areaBytes],
    areaBytes,
    log,
    logUnits: LOG_UNITS,
    end: log + LOG_UNITS * unit,
    geometry,
  };
}

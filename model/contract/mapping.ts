/**
 * The mapping record a file system fills in `begin` (struct iomap), its types, and its flags by name. Bit numbers moved
 * between kernel versions, so nothing outside this file and the readers of recorded text may depend on a bit's position
 * (mapping.md 1.2). Realizes mapping.md section 1.
 */
import { type Bytes, NULL_ADDR } from './units.js';

/** `iomap.type`. HOLE is 0, so a zeroed record reads as a HOLE of length 0 (MAP-60). */
export const MapType = { HOLE: 0, DELALLOC: 1, MAPPED: 2, UNWRITTEN: 3, INLINE: 4 } as const;
export type MapType = (typeof MapType)[keyof typeof MapType];
export const MAP_TYPE_NAMES = ['HOLE', 'DELALLOC', 'MAPPED', 'UNWRITTEN', 'INLINE'] as const;

/** `iomap.flags`: bits of our own numbering, compared by name only. */
export const MapFlag = {
  /** Space or reservation was created by this begin; unwritten bytes must become zero (MAP-20, MAP-21). */
  NEW: 1 << 0,
  /** Uncommitted metadata is needed to reach the data (MAP-22). */
  DIRTY: 1 << 1,
  /** Blocks are shared, or the record is the out-of-place target of a copy-on-write (MAP-23, MAP-24). */
  SHARED: 1 << 2,
  /** Several block pointers were joined (report only). */
  MERGED: 1 << 3,
  /** Extent of attribute data (report only). */
  XATTR: 1 << 4,
  /** An ioend starting at `offset` must not be joined to the one before it (MAP-25). */
  BOUNDARY: 1 << 5,
  /** Block number chosen at bio submission by the file system (MAP-26). */
  ANON_WRITE: 1 << 6,
  /** The write goes out as one torn-write-protected bio (MAP-27). */
  ATOMIC_BIO: 1 << 7,
  /** Bytes behind the write must be zeroed in cache (MAP-29). */
  ZERO_TAIL: 1 << 8,
  /** Iterate the prepared list of dirty folios (MAP-28). */
  FOLIO_BATCH: 1 << 9,
  /** Library: `isize` grew while this mapping was used (MAP-47). */
  SIZE_CHANGED: 1 << 10,
  /** Library: mapping found outdated, must be fetched again (MAP-53). */
  STALE: 1 << 11,
  /** The file system's own. */
  PRIVATE: 1 << 12,
} as const;
export type MapFlagName = keyof typeof MapFlag;

/** The names of the flags set in `flags`, in bit order. */
export function mapFlagNames(flags: number): MapFlagName[] {
  return (Object.keys(MapFlag) as MapFlagName[]).filter(name => (flags & MapFlag[name]) !== 0);
}

/**
 * One mapping. Records belong to the library: it zeroes them before every begin, lends them to `begin` and `end`, and
 * reuses them afterwards, so a file system never keeps a reference.
 */
export class Iomap {
  /** Device byte address of byte `offset`, NULL_ADDR when there is no storage (MAP-06, MAP-07). */
  addr: Bytes = NULL_ADDR;
  /** First file byte covered; may lie before the requested position (MAP-04). */
  offset: Bytes = 0;
  /** Bytes covered, above 0 in a valid answer (MAP-02); may exceed the request. */
  length: Bytes = 0;
  type: MapType = MapType.HOLE;
  /** Bits of `MapFlag`. */
  flags = 0;
  /** Freshness stamps of the data fork and, for SHARED mappings, of the copy-on-write fork (LK-20). */
  cookie = 0;
  cowCookie = 0;
  /** INLINE only: the buffer whose byte 0 is the file's byte `offset` (MAP-08). */
  inlineData: Uint8Array | null = null;
  /** Opaque to the library, handed unchanged to `end`. */
  private: unknown = null;

  /** Back to the zeroed record (MAP-60). */
  clear(): void {
    this.addr = NULL_ADDR;
    this.offset = 0;
    this.length = 0;
    this.type = MapType.HOLE;
    this.flags = 0;
    this.cookie = 0;
    this.cowCookie = 0;
    this.inlineData = null;
    this.private = null;
  }

  /** Makes this record equal to `other`. */
  copyFrom(other: Iomap): void {
    this.addr = other.addr;
    this.offset = other.offset;
    this.length = other.length;
    this.type = other.type;
    this.flags = other.flags;
    this.cookie = other.cookie;
    this.cowCookie = other.cowCookie;
    this.inlineData = other.inlineData;
    this.private = other.private;
  }

  /** First file byte behind the mapping. */
  get end(): Bytes {
    return this.offset + this.length;
  }
}

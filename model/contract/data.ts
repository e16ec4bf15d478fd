/**
 * The bytes that writes carry. Every byte knows its writer: the value at file offset x of data tag n is a function of
 * (n, x), two tags differ at every offset, and no write shows zero or one of the reserved poisons. So a wrong byte says
 * where it came from, and stale data can look neither like zeroes nor like the right answer.
 *
 * Recorded input brings its own fills, which are here too: the constant byte and the tag of the fstests-style cases, and
 * the fill of an fsx log.
 */
import type { Bytes } from './units.js';

/** Data tags run from 1 to this; a sequence has at most 200 tagged writes. */
export const LARGEST_TAG = 211;
/** What every device block holds before its first write. */
export const DEVICE_POISON = 0xee;
/** What a fresh folio's memory holds before anything is put there (INV-25). */
export const MEMORY_POISON = 0xdd;

/**
 * A tag of our own fill, 1 … LARGEST_TAG; or a fill of the recordings: one byte everywhere; the tag of an fstests-style
 * case; or that of fsx, from the number of its operation, the seed of the run and the bytes of its longest file.
 */
export type Data =
  | number
  | { readonly byte: number }
  | { readonly case: number }
  | { readonly fsx: number; readonly seed: number; readonly span: Bytes };

const SEGMENT = 512;
const ramp = Uint8Array.from({ length: SEGMENT + LARGEST_TAG }, (_, i) => 1 + (i % LARGEST_TAG));

/** The offset's own share of a byte's value, 0 … 210: neighbours differ, and so do equal places of neighbouring segments. */
function slope(offset: Bytes): number {
  return ((offset % SEGMENT) + 7 * (Math.floor(offset / SEGMENT) % LARGEST_TAG)) % LARGEST_TAG;
}

/** The value at `offset` of data tag `tag`: 1 … 211. */
export function taggedByte(tag: number, offset: Bytes): number {
  return 1 + ((tag + slope(offset)) % LARGEST_TAG);
}

/** The tag whose byte at `offset` is `value`, 1 … 211, or 0 if no tag has it there (zero and poison). */
export function tagOf(value: number, offset: Bytes): number {
  if (value < 1 || value > LARGEST_TAG) return 0;
  const tag = (value - 1 - slope(offset) + LARGEST_TAG) % LARGEST_TAG;
  return tag === 0 ? LARGEST_TAG : tag;
}

/** The random bytes an fsx run starts from: the low bytes of its generator, kept per seed. */
const fsxOriginals = new Map<string, Uint8Array>();

function fsxOriginal(seed: number, span: Bytes): Uint8Array {
  const key = `${seed}:${span}`;
  const known = fsxOriginals.get(key);
  if (known !== undefined) return known;
  let x = Math.imul(seed, 2_654_435_761) >>> 0;
  const next = (): number => {
    x = (x ^ (x << 13)) >>> 0;
    x = (x ^ (x >>> 17)) >>> 0;
    x = (x ^ (x << 5)) >>> 0;
    return x >>> 1;
  };
  for (let i = 0; i < 16; i++) next();
  const bytes = Uint8Array.from({ length: span }, () => next() & 0xff);
  fsxOriginals.set(key, bytes);
  return bytes;
}

/** 1 + (31 × tag + offset + 7 × ⌊offset / 512⌋) mod 160, in parts that stay exact at any offset. */
function caseByte(tag: number, offset: Bytes): number {
  return 1 + ((((31 * tag) % 160) + (offset % 160) + 7 * (Math.floor(offset / SEGMENT) % 160)) % 160);
}

/** Fills `into[at, at+length)` with the bytes of `data` for the file range that starts at `offset`. */
export function fillData(data: Data, offset: Bytes, into: Uint8Array, at: number, length: number): void {
  if (typeof data === 'number') fillTagged(data, offset, into, at, length);
  else if ('byte' in data) into.fill(data.byte, at, at + length);
  else if ('case' in data) {
    for (let i = 0; i < length; i++) into[at + i] = caseByte(data.case, offset + i);
  } else {
    const original = fsxOriginal(data.seed, data.span);
    for (let i = 0; i < length; i++) {
      const o = offset + i;
      into[at + i] = o % 2 === 0 ? data.fsx & 0xff : (data.fsx + (original[o] ?? 0)) & 0xff;
    }
  }
}

function fillTagged(tag: number, offset: Bytes, into: Uint8Array, at: number, length: number): void {
  const inSegment = offset % SEGMENT;
  if (length <= 64 && inSegment + length <= SEGMENT) {
    // Short runs inside one segment, the common case of tiny geometries: no view to make.
    let value = taggedByte(tag, offset);
    for (let i = at; i < at + length; i++) {
      into[i] = value;
      value = value === LARGEST_TAG ? 1 : value + 1;
    }
    return;
  }
  for (let done = 0; done < length; ) {
    const from = offset + done;
    const n = Math.min(length - done, SEGMENT - (from % SEGMENT));
    const start = taggedByte(tag, from) - 1;
    into.set(ramp.subarray(start, start + n), at + done);
    done += n;
  }
}

/**
 * Changes of metadata as they lie on the device: a kind, a file and three numbers in 24 bytes. A log record is a header and
 * the items of one transaction; a metadata area is the items that make the whole state out of nothing.
 */

export const ITEM_BYTES = 24;
/** Counts have 48 bits, of which the upper 16 come first; all ones are Infinity. */
const HIGH = 2 ** 32;
const ENDLESS = 2 ** 48 - 1;
const MOST = ENDLESS - 1;

/** Who is told of the changes that recovery reads, in order. */
export type ItemReader = (kind: number, file: number, a: number, count: number, b: number) => void;

/** A growing list of items in their encoded form. */
export class ItemBuffer {
  count = 0;
  private bytes = new Uint8Array(ITEM_BYTES * 8);
  private view = new DataView(this.bytes.buffer);

  clear(): void {
    this.count = 0;
  }

  /** A hole may be longer than a count; what lies on the device is not. */
  put(kind: number, file: number, a: number, count: number, b: number): void {
    let [from, left] = [a, count];
    for (; left > MOST && left !== Infinity; from += MOST, left -= MOST) this.add(kind, file, from, MOST, b);
    this.add(kind, file, from, left === Infinity ? ENDLESS : left, b);
  }

  private add(kind: number, file: number, a: number, count: number, b: number): void {
    const at = this.count * ITEM_BYTES;
    if (at === this.bytes.length) this.grow();
    const { view } = this;
    view.setUint8(at, kind);
    view.setUint8(at + 1, file);
    view.setUint16(at + 2, Math.floor(count / HIGH));
    view.setUint32(at + 4, count % HIGH);
    view.setFloat64(at + 8, a);
    view.setFloat64(at + 16, b);
    this.count++;
  }

  copyInto(into: Uint8Array, at: number): void {
    into.set(this.bytes.subarray(0, this.count * ITEM_BYTES), at);
  }

  private grow(): void {
    const wider = new Uint8Array(this.bytes.length * 2);
    wider.set(this.bytes);
    this.bytes = wider;
    this.view = new DataView(wider.buffer);
  }
}

/** Tells of `count` items from byte `at` on. */
export function readItems(view: DataView, at: number, count: number, read: ItemReader): void {
  for (let item = at; item < at + count * ITEM_BYTES; item += ITEM_BYTES) {
    const run = view.getUint16(item + 2) * HIGH + view.getUint32(item + 4);
    read(
      view.getUint8(item),
      view.getUint8(item + 1),
      view.getFloat64(item + 8),
      run === ENDLESS ? Infinity : run,
      view.getFloat64(item + 16),
    );
  }
}

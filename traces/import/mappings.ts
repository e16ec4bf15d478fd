/**
 * How much of each file of a case its lasting mapping covers. Here a mapping covers the whole file, and so does msync; what a
 * recording synced of a part only must not count as more.
 */
import { type Bytes, type Call, type FileId, type OperationName, roundUp } from '../../model/contract/index.js';

export interface Range {
  readonly offset: Bytes;
  readonly length: Bytes;
}

/** Behind these nothing is known of an earlier mapping. */
const ENDING: ReadonlySet<OperationName> = new Set(['mmap', 'munmap', 'remove']);
/** May make a file larger. */
const GROWING: ReadonlySet<OperationName> = new Set(['write', 'dwrite', 'falloc', 'zero', 'insert', 'reflink']);

export class Mappings {
  private readonly ranges = new Map<FileId, Range>();
  /** The largest size that each file may have had. */
  private readonly sizes = new Map<FileId, Bytes>();

  /** `mapped` is the range of an mmap that has one, else null. */
  note(call: Call, mapped: Range | null): void {
    const { file, name, length } = call;
    if (mapped !== null) this.ranges.set(file, mapped);
    else if (ENDING.has(name)) this.ranges.delete(file);
    if (name === 'truncate' || name === 'remove') this.sizes.set(file, call.size);
    if (!GROWING.has(name)) return;
    const before = this.sizes.get(file) ?? 0;
    const ends = call.offset + (name === 'reflink' ? this.cloned(call) : length);
    this.sizes.set(file, name === 'insert' ? before + length : Math.max(before, ends));
  }

  /** The pages that an msync of the file covers; null if those are all there may be. */
  part(file: FileId, pageSize: Bytes): Range | null {
    const range = this.ranges.get(file);
    if (range === undefined || (range.offset === 0 && range.length >= (this.sizes.get(file) ?? 0))) return null;
    return { offset: range.offset, length: roundUp(range.length, pageSize) };
  }

  private cloned({ fromFile, length }: Call): Bytes {
    return length === 0 ? (this.sizes.get(fromFile) ?? 0) : length;
  }
}

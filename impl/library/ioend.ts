/** One piece of writeback I/O: a range of a file that is contiguous on the device too, with one set of attributes. */
import type { Bytes, Errno, IoendRecord } from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';

export class Ioend implements IoendRecord {
  readonly offset: Bytes;
  size: Bytes;
  readonly addr: Bytes;
  readonly unwritten: boolean;
  readonly shared: boolean;
  readonly boundary: boolean;
  status: Errno = 0;
  /** Bytes on the device: whole blocks, also where `size` was cut at the end of the file (WB-27). */
  bioSize: Bytes;
  /** The parts: which folio, from which file offset, how many bytes. */
  readonly folios: Folio[];
  readonly starts: Bytes[];
  readonly lengths: Bytes[];
  /** Completion needs the file system (section 5 step 1). */
  deferred = false;

  constructor(
    folio: Folio,
    offset: Bytes,
    length: Bytes,
    addr: Bytes,
    unwritten: boolean,
    shared: boolean,
    boundary: boolean,
  ) {
    this.folios = [folio];
    this.starts = [offset];
    this.lengths = [length];
    this.offset = offset;
    this.size = length;
    this.bioSize = length;
    this.addr = addr;
    this.unwritten = unwritten;
    this.shared = shared;
    this.boundary = boundary;
  }

  add(folio: Folio, at: Bytes, length: Bytes): void {
    this.folios.push(folio);
    this.starts.push(at);
    this.lengths.push(length);
    this.size += length;
    this.bioSize += length;
  }

  /** True if `next` may be completed as part of this one (WB-40, WB-85). */
  takes(next: Ioend): boolean {
    return (
      this.status === next.status &&
      !next.boundary &&
      this.shared === next.shared &&
      this.unwritten === next.unwritten &&
      this.deferred === next.deferred &&
      this.offset + this.size === next.offset &&
      this.addr + this.size === next.addr
    );
  }

  merge(next: Ioend): void {
    for (let i = 0; i < next.folios.length; i++) {
      this.folios.push(next.folios[i]!);
      this.starts.push(next.starts[i]!);
      this.lengths.push(next.lengths[i]!);
    }
    this.size += next.size;
    this.bioSize += next.bioSize;
  }
}

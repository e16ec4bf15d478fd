/** One piece of writeback I/O: a range of a file that is contiguous on the device too, with one set of attributes. */
import type { Bytes, Errno, IoendRecord } from '../../model/contract/index.js';
import type { Folio } from '../cache/folio.js';

export class Ioend implements IoendRecord {
  readonly offset: Bytes;
  size: Bytes = 0;
  readonly addr: Bytes;
  readonly unwritten: boolean;
  readonly shared: boolean;
  readonly boundary: boolean;
  status: Errno = 0;
  /** Bytes on the device: whole blocks, also where `size` was cut at the end of the file (WB-27). */
  bioSize: Bytes = 0;
  readonly folios: Folio[] = [];
  /** Bytes of each folio. */
  readonly parts: Bytes[] = [];
  /** Where each part starts in its folio. */
  readonly starts: Bytes[] = [];
  /** Bios that have not completed, the submission itself included. */
  pending = 0;
  /** Completion needs the file system (section 5 step 1). */
  deferred = false;

  constructor(offset: Bytes, addr: Bytes, unwritten: boolean, shared: boolean, boundary: boolean) {
    this.offset = offset;
    this.addr = addr;
    this.unwritten = unwritten;
    this.shared = shared;
    this.boundary = boundary;
  }
}

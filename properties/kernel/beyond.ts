/**
 * Files that reach beyond 2^53 bytes, where positions cannot be told apart: once a file has shown a size or a position of
 * that order, nothing is said of it any more. Reports do not count: they may ask for the end of the largest file of any.
 */
import type { KernelEvent } from '../../model/contract/kernel-event.js';
import { OpFlag } from '../../model/contract/op-flags.js';

const MOST_FILES = 1 << 12;

export class Beyond {
  private readonly files = new Set<string>();

  /** True if the event is about such a file. */
  has(event: KernelEvent): boolean {
    if (isFar(event)) {
      if (this.files.size >= MOST_FILES) this.files.clear();
      this.files.add(`${event.dev} ${event.ino}`);
      return true;
    }
    return this.files.size > 0 && this.files.has(`${event.dev} ${event.ino}`);
  }
}

const isBeyond = (value: number): boolean => value === Number.POSITIVE_INFINITY;

function isFar(event: KernelEvent): boolean {
  switch (event.kind) {
    case 'iter':
      return isBeyond(event.pos) && (event.flags & OpFlag.REPORT) === 0;
    case 'piece':
    case 'cacheAdd':
    case 'cacheDelete':
      return isBeyond(event.offset);
    case 'writebackFolio':
    case 'zeroPiece':
    case 'releaseFolio':
    case 'invalidateFolio':
    case 'invalidateFail':
    case 'dioBegin':
    case 'dioQueued':
    case 'dioComplete':
      return isBeyond(event.offset) || isBeyond(event.size);
    case 'xfsFile':
      return isBeyond(event.pos) || isBeyond(event.isize) || isBeyond(event.disize);
    case 'xfsExtent':
      return isBeyond(event.disize);
    case 'xfsTruncate':
      return isBeyond(event.newSize) || isBeyond(event.disize);
    default:
      return false;
  }
}

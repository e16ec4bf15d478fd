/** The bios of direct requests: data from or to the application's memory, and the zeroes around a partial block. */
import type { Bio, Bytes, Errno } from '../../model/contract/index.js';
import type { DirectRequest } from './direct-request.js';

export class DirectBio implements Bio {
  readonly kind: 'read' | 'write';
  readonly addr: Bytes;
  readonly length: Bytes;
  readonly memory: Uint8Array;
  readonly at: number;
  readonly fua: boolean;
  readonly atomic: boolean;
  readonly cargo = 'data';
  readonly offset: Bytes;
  readonly #request: DirectRequest;

  constructor(
    request: DirectRequest,
    offset: Bytes,
    length: Bytes,
    addr: Bytes,
    memory: Uint8Array,
    at: number,
    fua: boolean,
    atomic: boolean,
  ) {
    this.#request = request;
    this.kind = request.isWrite ? 'write' : 'read';
    this.offset = offset;
    this.length = length;
    this.addr = addr;
    this.memory = memory;
    this.at = at;
    this.fua = fua;
    this.atomic = atomic;
  }

  get file(): number {
    return this.#request.inode.id;
  }

  done(status: Errno): void {
    this.#request.bioDone(status);
  }
}

let zeroes = new Uint8Array(4096);

/** Memory of zeroes, `length` bytes or more; never written. */
export function zeroMemory(length: Bytes): Uint8Array {
  if (zeroes.length < length) zeroes = new Uint8Array(length);
  return zeroes;
}

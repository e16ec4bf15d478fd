/** The direct requests in progress, from their own events (direct-io.md sections 2, 4 and 5; INV-50). */
import type { Bio, BlockDevice, Bytes, FileId } from '../../../model/contract/index.js';

export class Request {
  number = 0;
  file: FileId = 0;
  offset: Bytes = 0;
  end: Bytes = 0;
  /** The chart's state (model/charts/direct-request.ts). */
  state = 0;
}

export class Requests {
  readonly open: Request[] = [];
  /** The one that the event in progress is about, or null. */
  at: Request | null = null;
  /** Where the bio of a request that is about to be submitted begins in its file, or −1. */
  submitting: Bytes = -1;
  readonly #idle: Request[] = [];
  /** Writes on their way, and whose they are. */
  readonly #bios: { readonly bio: Bio; readonly request: Request | null }[] = [];

  reset(): void {
    this.submitting = -1;
    this.#bios.length = 0;
    while (this.open.length > 0) this.#idle.push(this.open.pop()!);
  }

  find(number: number): Request | null {
    for (let i = this.open.length - 1; i >= 0; i--) if (this.open[i]!.number === number) return this.open[i]!;
    return null;
  }

  /** `dio-begin` */
  begin(file: FileId, offset: Bytes, length: Bytes, number: number, initial: number): void {
    const request = this.#idle.pop() ?? new Request();
    request.number = number;
    request.file = file;
    request.offset = offset;
    request.end = offset + length;
    request.state = initial;
    this.open.push(request);
    this.at = request;
  }

  /** `bio-write`: remembers a request's own. */
  sent(device: BlockDevice | null): void {
    const bio = this.submitting < 0 ? undefined : device?.inFlight.at(-1);
    if (bio?.offset === this.submitting) this.#bios.push({ bio, request: this.at });
    this.submitting = -1;
  }

  /** `bio-done`: true if the write that is not on its way any more was a request's. */
  received(device: BlockDevice | null): boolean {
    const place = this.#bios.findIndex(({ bio }) => device?.inFlight.includes(bio) !== true);
    if (place < 0) return false;
    this.#bios.splice(place, 1);
    return true;
  }

  /** A write of the request that is on its way, or null. */
  pending(request: Request): Bio | null {
    return this.#bios.find(it => it.request === request)?.bio ?? null;
  }

  /** `dio-done`, after the checks heard it. */
  done(number: number): void {
    const request = this.find(number);
    if (request === null) return;
    this.open.splice(this.open.indexOf(request), 1);
    this.#idle.push(request);
  }

  /** The end of the request that covers a byte of a file, or −1 (zeroes around its data count as its own). */
  endOver(file: FileId, offset: Bytes, blockSize: Bytes): Bytes {
    for (const request of this.open) {
      if (request.file === file && offset >= request.offset - blockSize && offset < request.end + blockSize)
        return request.end;
    }
    return -1;
  }

  /** True if a request on the file is in progress that may make it this large. */
  endingAt(file: FileId, size: Bytes): boolean {
    return this.open.some(it => it.file === file && it.offset < size && it.end >= size);
  }

  /** True if a request on the file is in progress over some byte of [from, to). */
  overlaps(file: FileId, from: Bytes, to: Bytes): boolean {
    return this.over(file, from, to) > 0;
  }

  /** How many requests on the file are in progress over some byte of [from, to). */
  over(file: FileId, from: Bytes, to: Bytes): number {
    let count = 0;
    for (const request of this.open) if (request.file === file && request.offset < to && request.end > from) count++;
    return count;
  }
}

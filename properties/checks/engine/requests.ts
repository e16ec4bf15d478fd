/** The direct requests in progress, from their own events (direct-io.md sections 2, 4 and 5; INV-50). */
import type { Bytes, FileId } from '../../../model/contract/index.js';

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
  readonly #idle: Request[] = [];

  reset(): void {
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

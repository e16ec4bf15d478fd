/**
 * Which call did what to a file, for explanations: the last few hundred changes, in columns that are reused. Nothing is
 * decided by it.
 */
import type { Bytes, Call, CallId, OperationName } from '../../contract/index.js';

const ROOM = 256;

export interface Change {
  readonly call: CallId;
  readonly name: OperationName;
  readonly offset: Bytes;
  readonly end: Bytes;
  /** Data tag of a write, 0 for zeroes and for data of another kind. */
  readonly tag: number;
}

export class History {
  private count = 0;
  private readonly calls = new Float64Array(ROOM);
  private readonly offsets = new Float64Array(ROOM);
  private readonly ends = new Float64Array(ROOM);
  private readonly tags = new Int32Array(ROOM);
  private readonly names: OperationName[] = new Array<OperationName>(ROOM).fill('write');

  clear(): void {
    this.count = 0;
  }

  note(call: Call, offset: Bytes, length: Bytes): void {
    const i = this.count++ % ROOM;
    this.calls[i] = call.id;
    this.offsets[i] = offset;
    this.ends[i] = offset + length;
    this.tags[i] = typeof call.data === 'number' ? call.data : 0;
    this.names[i] = call.name;
  }

  /** The changes that are still known, newest first. */
  *newestFirst(): Generator<Change> {
    for (let n = this.count - 1; n >= 0 && n >= this.count - ROOM; n--) {
      const i = n % ROOM;
      yield {
        call: this.calls[i]!,
        name: this.names[i]!,
        offset: this.offsets[i]!,
        end: this.ends[i]!,
        tag: this.tags[i]!,
      };
    }
  }
}

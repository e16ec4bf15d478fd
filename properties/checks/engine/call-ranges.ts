/** What happened to a file since each call of interest to a check began: one set of ranges for each that is in progress. */
import type { Call, CallId, FileId } from '../../../model/contract/index.js';
import { Ranges } from './ranges.js';

interface Entry {
  readonly call: CallId;
  readonly file: FileId;
  readonly ranges: Ranges;
}

export class CallRanges {
  readonly #open: Entry[] = [];

  clear(): void {
    this.#open.length = 0;
  }

  /** The call has begun; the set that is its own, empty. */
  begin({ id, file }: Call): Ranges {
    const ranges = new Ranges();
    this.#open.push({ call: id, file, ranges });
    return ranges;
  }

  /** Adds [from, to) for every call on the file that is in progress. */
  add(file: FileId, from: number, to: number): void {
    for (const entry of this.#open) if (entry.file === file) entry.ranges.add(from, to);
  }

  /** The call ends. Its set, or null if it did not begin here. */
  end(call: CallId): Ranges | null {
    const at = this.#open.findIndex(entry => entry.call === call);
    return at < 0 ? null : this.#open.splice(at, 1)[0]!.ranges;
  }

  get empty(): boolean {
    return this.#open.length === 0;
  }
}

/** The calls in progress, and how far each of them can be told apart from what else went on meanwhile. */
import type { Call, CallId, FileId } from '../../../model/contract/index.js';
import { Is, kindsOf } from './call-kinds.js';

/** One call in progress; pooled. */
export class OpenCall {
  call!: Call;
  /** Bits of `Is`. */
  kinds = 0;
  /** Another call was open during some part of it. */
  overlapped = false;
  /** Its place among calls and submissions. */
  moment = 0;
  /** Steps of background work, and injected failures, that had happened when it began. */
  background = 0;
  faults = 0;
  /** Looks at its file when it began; the file was known as it then was. */
  looks = 0;
  current = false;
  /** Bytes of progress its iterations reported: buffered writes, and direct requests (INV-05). */
  buffered = 0;
  direct = 0;
}

export class OpenCalls {
  readonly open: OpenCall[] = [];
  /** The call that is returning now: no longer among the open ones. */
  returning: OpenCall | null = null;
  /** Counted by the world: background work (writeback, completion), injected failures. */
  background = 0;
  faults = 0;
  /** How many calls have returned. */
  left = 0;
  readonly #idle: OpenCall[] = [];

  reset(): void {
    while (this.open.length > 0) this.#idle.push(this.open.pop()!);
    this.returning = null;
    this.background = 0;
    this.faults = 0;
    this.left = 0;
  }

  begin(call: Call): OpenCall {
    const entry = this.#idle.pop() ?? new OpenCall();
    entry.call = call;
    entry.kinds = kindsOf(call);
    entry.overlapped = this.open.length > 0;
    entry.background = this.background;
    entry.faults = this.faults;
    entry.buffered = 0;
    entry.direct = 0;
    for (const other of this.open) other.overlapped = true;
    this.open.push(entry);
    return entry;
  }

  /** Takes a call from the open ones; it stays `returning` until `end`. */
  leave(id: CallId): OpenCall | null {
    for (let i = this.open.length - 1; i >= 0; i--) {
      const entry = this.open[i]!;
      if (entry.call.id !== id) continue;
      if (i === this.open.length - 1) this.open.pop();
      else this.open.splice(i, 1);
      this.left++;
      return (this.returning = entry);
    }
    return null;
  }

  end(): void {
    if (this.returning !== null) this.#idle.push(this.returning);
    this.returning = null;
  }

  /** True if an open call with one of these kinds works on the file. */
  working(file: FileId, kinds: number): boolean {
    for (const { call, kinds: its } of this.open) {
      if ((its & kinds) !== 0 && (call.file === file || call.fromFile === file || (its & Is.remounting) !== 0))
        return true;
    }
    return false;
  }

  /** The call of a task that was begun last, if it is open. */
  ofTask(task: number): OpenCall | null {
    for (let i = this.open.length - 1; i >= 0; i--) if (this.open[i]!.call.task === task) return this.open[i]!;
    return null;
  }

  /** Nobody but the returning call did anything while it ran: differences are its own. */
  alone(entry: OpenCall): boolean {
    return !entry.overlapped && entry.background === this.background && entry.faults === this.faults;
  }
}

/**
 * The open descriptors of a file and the errors they still have to report (writeback.md section 7). A call does not name
 * its descriptor, so a sync call is held to what all of them agree on: if every descriptor owes a report it must come, if
 * none does it must not, otherwise either is permitted and counts.
 *
 * Realizes WB-70, WB-71, WB-72, WB-78. Events the model only knows to be possible (a device error somewhere while a call
 * was open) are kept apart from those it was told for certain.
 */
import type { Errno } from '../../contract/index.js';

export class Descriptors {
  private open = 1;
  /** How many descriptors owe a report for certain. */
  private owing = 0;
  /** How many may owe one; at least `owing`. */
  private mayOwe = 0;
  /** The last event was reported by nobody yet, so a new descriptor reports it too (WB-70). */
  private unseen = false;
  /** Of the events that some descriptor may owe: the last one is reported, whichever that was. */
  readonly errnos: Errno[] = [];

  clear(): void {
    this.open = 1;
    this.owing = 0;
    this.mayOwe = 0;
    this.unseen = false;
  }

  get mayReport(): boolean {
    return this.mayOwe > 0;
  }

  get mustReport(): boolean {
    return this.owing > 0 && this.owing >= this.open;
  }

  /** An error was recorded in `wb_err`, for certain or possibly. */
  record(errno: Errno, certain: boolean): void {
    if (certain || this.mayOwe === 0) this.errnos.length = 0;
    if (!this.errnos.includes(errno)) this.errnos.push(errno);
    this.mayOwe = this.open;
    this.unseen = true;
    if (certain) this.owing = this.open;
  }

  /**
   * A sync call reported an error: that descriptor owes nothing any more, and the event has been seen; unless there may
   * have been another after the call looked.
   */
  reported(another: boolean): void {
    const owed = Math.max(0, this.mayOwe - 1);
    this.owing = Math.min(this.owing, owed);
    if (another) return;
    this.mayOwe = owed;
    this.unseen = false;
  }

  /** A sync call returned 0: it was a descriptor that owed nothing, or nothing had happened. */
  quiet(): void {
    if (this.owing > 0) {
      this.mayOwe = Math.min(this.mayOwe, this.open - 1);
      this.owing = Math.min(this.owing, this.mayOwe);
    } else if (this.mayOwe > 0) {
      this.mayOwe--;
    }
  }

  opened(): void {
    this.open++;
    if (this.unseen && this.mayOwe > 0) {
      this.mayOwe++;
      if (this.owing > 0) this.owing++;
    }
  }

  /** All are closed; the next use opens one, which may report what nobody has seen. */
  closed(): void {
    this.open = 1;
    this.owing = 0;
    this.mayOwe = this.unseen && this.mayOwe > 0 ? 1 : 0;
  }
}

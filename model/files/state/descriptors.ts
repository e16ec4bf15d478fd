/**
 * The open descriptors of a file and the errors they may still have to report (writeback.md section 7). The model is told
 * of device errors while calls are open, not of what was recorded, so here a report is only ever possible; that one has to
 * come is for INV-48 to say, which hears what was recorded. A call does not name its descriptor, so they are counted.
 *
 * Realizes WB-70, WB-71, WB-72, WB-78.
 */
import type { Errno } from '../../contract/index.js';

export class Descriptors {
  private open = 1;
  /** How many may owe a report. */
  private mayOwe = 0;
  /** The last event was reported by nobody yet, so a new descriptor reports it too (WB-70). */
  private unseen = false;
  /** Of the events that some descriptor may owe: the last one is reported, whichever that was. */
  readonly errnos: Errno[] = [];

  clear(): void {
    this.open = 1;
    this.mayOwe = 0;
    this.unseen = false;
  }

  get mayReport(): boolean {
    return this.mayOwe > 0;
  }

  /** An error may have been recorded in `wb_err`. */
  record(errno: Errno): void {
    if (this.mayOwe === 0) this.errnos.length = 0;
    if (!this.errnos.includes(errno)) this.errnos.push(errno);
    this.mayOwe = this.open;
    this.unseen = true;
  }

  /**
   * A sync call reported an error: that descriptor owes nothing any more, and the event has been seen; unless there may
   * have been another after the call looked.
   */
  reported(another: boolean): void {
    if (another) return;
    this.mayOwe = Math.max(0, this.mayOwe - 1);
    this.unseen = false;
  }

  /** A sync call returned 0: it was a descriptor that owed nothing, or nothing had happened. */
  quiet(): void {
    if (this.mayOwe > 0) this.mayOwe--;
  }

  opened(): void {
    this.open++;
    if (this.unseen && this.mayOwe > 0) this.mayOwe++;
  }

  /** All are closed; the next use opens one, which may report what nobody has seen. */
  closed(): void {
    this.open = 1;
    this.mayOwe = this.unseen && this.mayOwe > 0 ? 1 : 0;
  }
}

/**
 * The error sequence of a file's cache and what each open descriptor has seen of it (WB-70 … WB-78), with the legacy
 * flags that internal callers test and clear (WB-74). The counter is a plain number and does not wrap (WB-77).
 */
import { EIO, ENOSPC, type Errno } from '../../model/contract/index.js';

export class ErrorSequence {
  #errno: Errno = 0;
  #counter = 0;
  #seen = true;
  #eio = false;
  #enospc = false;

  /** Records an error of writeback, for descriptors and for internal callers. */
  record(errno: Errno): void {
    this.recordEvent(errno);
    if (errno === ENOSPC) this.#enospc = true;
    else this.#eio = true;
  }

  /**
   * Records an error for descriptors only (DIO-52). A second error before anybody looked is the same event with a newer
   * errno.
   */
  recordEvent(errno: Errno): void {
    if (this.#seen) this.#counter++;
    this.#seen = false;
    this.#errno = errno;
  }

  /** What a descriptor that is opened now starts from (WB-70): an error nobody has seen is still to be reported by it. */
  sample(): number {
    return this.#seen ? this.#counter : 0;
  }

  /** The errno a descriptor has to report, or 0; it is reported once (WB-71). */
  report(cursor: ErrorCursor): Errno {
    if (cursor.at === this.#counter) return 0;
    this.#seen = true;
    cursor.at = this.#counter;
    return this.#errno;
  }

  /** The errno of an error since the flags were last tested, for callers without a descriptor (WB-74). */
  testAndClear(): Errno {
    const errno = this.#eio ? EIO : this.#enospc ? ENOSPC : 0;
    this.#enospc = false;
    this.#eio = false;
    return errno;
  }

  /** Clears the legacy flags without looking, as reporting through a descriptor does (WB-74). */
  clearFlags(): void {
    this.#enospc = false;
    this.#eio = false;
  }
}

/** The part of an open descriptor that errors need: f_wb_err. */
export class ErrorCursor {
  at: number;

  constructor(errors: ErrorSequence) {
    this.at = errors.sample();
  }
}

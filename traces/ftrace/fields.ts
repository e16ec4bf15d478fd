/**
 * Reading the fields of one event: a cursor over a line that looks for labels from left to right and parses what stands
 * behind them. A label that is missing marks the cursor `cut`; the caller then reports the line instead of guessing.
 *
 * Numbers: `0x` hexadecimal or decimal, 64 bits. Beyond 2^53 they become ±Infinity, two's-complement negatives negative.
 */

const HIGH = 2 ** 32;
const LONGEST = ' 0x8000000000000000';

/** The hexadecimal digits in `[from, to)` as a signed 64-bit integer, saturated to ±Infinity beyond 2^53; NaN if none. */
function hexadecimal(text: string, from: number, to: number): number {
  if (to === from || to - from > 16) return Number.NaN;
  let high = 0;
  let low = 0;
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    const digit = c <= 57 ? c - 48 : (c | 32) - 87;
    if (to - i > 8) high = high * 16 + digit;
    else low = low * 16 + digit;
  }
  if (high >= HIGH / 2) {
    const value = (high - HIGH) * HIGH + low;
    return value < Number.MIN_SAFE_INTEGER ? Number.NEGATIVE_INFINITY : value;
  }
  const value = high * HIGH + low;
  return value > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : value;
}

function isHexDigit(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
}

/** See the file's first paragraph. One is reused for all lines. */
export class Fields {
  text = '';
  at = 0;
  /** True once a label or a number was missing. */
  cut = false;

  /** Starts on a line, behind the name of its event. */
  reset(text: string, at: number): void {
    this.text = text;
    this.at = at;
    this.cut = false;
  }

  /** Moves behind `label`. */
  private seek(label: string): boolean {
    const found = this.text.indexOf(label, this.at);
    if (found < 0) {
      this.cut = true;
      return false;
    }
    this.at = found + label.length;
    return true;
  }

  /** True if the label stands somewhere in the rest of the line; does not move. */
  has(label: string): boolean {
    return this.text.includes(label, this.at);
  }

  /** The number behind `label`. */
  number(label: string): number {
    if (!this.seek(label)) return 0;
    const { text } = this;
    let i = this.at;
    if (text.charCodeAt(i) === 48 && (text.charCodeAt(i + 1) | 32) === 120) {
      const from = (i += 2);
      while (isHexDigit(text.charCodeAt(i))) i++;
      return this.took(hexadecimal(text, from, i), i);
    }
    const negative = text.charCodeAt(i) === 45;
    if (negative) i++;
    const from = i;
    let value = 0;
    for (let c = text.charCodeAt(i); c >= 48 && c <= 57; c = text.charCodeAt(++i)) value = value * 10 + (c - 48);
    if (value > Number.MAX_SAFE_INTEGER) value = Number.POSITIVE_INFINITY;
    return this.took(i === from ? Number.NaN : negative ? -value : value, i);
  }

  /** The length behind `label`. One is as long as the largest file rounded up to a block, 2^63, and still positive. */
  length(label: string): number {
    const value = this.number(label);
    if (value === Number.NEGATIVE_INFINITY && this.text.endsWith(LONGEST, this.at)) return Number.POSITIVE_INFINITY;
    return value;
  }

  /** The hexadecimal number without prefix behind `label`. */
  bareHex(label: string): number {
    if (!this.seek(label)) return 0;
    let i = this.at;
    while (isHexDigit(this.text.charCodeAt(i))) i++;
    return this.took(hexadecimal(this.text, this.at, i), i);
  }

  /** The text behind `label` up to `stop`, which may be empty. */
  between(label: string, stop: string): string {
    if (!this.seek(label)) return '';
    const end = this.text.indexOf(stop, this.at);
    if (end < 0) {
      this.cut = true;
      return '';
    }
    const value = this.text.slice(this.at, end);
    this.at = end;
    return value;
  }

  /** The word behind `label`, up to a space or the end of the line. */
  word(label: string): string {
    if (!this.seek(label)) return '';
    const end = this.text.indexOf(' ', this.at);
    const value = end < 0 ? this.text.slice(this.at) : this.text.slice(this.at, end);
    if (value === '') this.cut = true;
    this.at += value.length;
    return value;
  }

  /** A number counts only if it ends where a field ends: a line cut inside a number must not pass as a smaller one. */
  private took(value: number, end: number): number {
    this.at = end;
    if (Number.isNaN(value)) {
      this.cut = true;
      return 0;
    }
    return value;
  }
}

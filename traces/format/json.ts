/** JSON documents of several lines. What is wrong with one is told by the line in which it is. */
import { shown, TraceError } from './errors.js';

/** The value of a document, or a `TraceError` that names the line at which it can be read no further. */
export function parseDocument(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const at = new Scan(text).fault();
    const line = text.slice(0, at).split('\n').length;
    const rest = text
      .slice(at)
      .split('\n', 1)[0]!
      .replace(/[ \t\r]+$/, '');
    const end = at >= text.length ? 'the end of the file' : 'the end of the line';
    throw new TraceError(file, line, 'JSON', rest === '' ? end : shown(rest));
  }
}

/** JSON knows fewer spaces than regular expressions, and fewer characters that a string cannot hold. */
const SPACE = /[ \t\n\r]*/y;
const STRING = /"([ !#-[\]-\u{10ffff}]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;

/** Finds where a text stops being JSON: the parser of the language does not say it of every error. */
class Scan {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The position of the first character that cannot stand where it does. */
  fault(): number {
    if (this.value()) this.skip(SPACE);
    return this.at;
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found !== null;
  }

  private next(character: string): boolean {
    this.skip(SPACE);
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private value(): boolean {
    if (this.next('{')) return this.list('}', () => this.string() && this.next(':') && this.value());
    if (this.next('[')) return this.list(']', () => this.value());
    return this.string() || this.skip(/(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null)/y);
  }

  private string(): boolean {
    this.skip(SPACE);
    return this.skip(STRING);
  }

  private list(close: string, element: () => boolean): boolean {
    if (this.next(close)) return true;
    do if (!element()) return false;
    while (this.next(','));
    return this.next(close);
  }
}

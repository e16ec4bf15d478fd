/** JSON documents of several lines. What is wrong with one is told by the line in which it is. */
import { shown, TraceError } from './errors.js';

/** The value of a document, or a `TraceError` that names the line at which it can be read no further. */
export function parseDocument(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const at = new Scan(text).fault();
    const line = text.slice(0, at).split('\n').length;
    const rest = text.slice(at).split('\n', 1)[0]!.trimEnd();
    const end = at >= text.length ? 'the end of the file' : 'the end of the line';
    throw new TraceError(file, line, 'JSON', rest === '' ? end : shown(rest));
  }
}

/** Finds where a text stops being JSON: the parser of the language does not say it of every error. */
class Scan {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The position of the first character that cannot stand where it does. */
  fault(): number {
    if (this.value()) this.skip(/\s*/y);
    return this.at;
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found !== null;
  }

  private next(character: string): boolean {
    this.skip(/\s*/y);
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
    this.skip(/\s*/y);
    return this.skip(/"([^"\\\p{Cc}]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy);
  }

  private list(close: string, element: () => boolean): boolean {
    if (this.next(close)) return true;
    do if (!element()) return false;
    while (this.next(','));
    return this.next(close);
  }
}

/** The line of the first field of this name, 1 if there is none. */
export function lineOfField(text: string, field: string): number {
  return text.slice(0, Math.max(0, text.indexOf(`"${field}"`))).split('\n').length;
}

/** The lines in which the elements of the list in a field of a document begin. */
export function linesOfElements(text: string, field: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  // The last string at the depth of the document's own fields, and if the list that is open is the one of the field.
  let key = '';
  let within = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"[\]{}:,]+|[[\]{}:,\n]/g)) {
    if (token === '\n') line++;
    else if (token === ']' || token === '}') {
      depth--;
      if (depth === 1) within = false;
    } else {
      if (within && depth === 2 && token !== ',') lines.push(line);
      if (token === '[' || token === '{') {
        if (depth === 1 && token === '[') within = key === `"${field}"`;
        depth++;
      } else if (depth === 1 && token.startsWith('"')) key = token;
    }
  }
  return lines;
}

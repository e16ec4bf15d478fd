/**
 * Input that cannot be used: one line that names file and line, what was expected there and what was found. The command
 * line turns it into exit status 2.
 */
export class TraceError extends Error {
  override readonly name = 'TraceError';

  readonly expected: string;
  readonly got: string;

  /** `line` counts from 1; 0: the file as a whole. */
  constructor(file: string, line: number, expected: string, got: string) {
    super(`${file}${line > 0 ? `:${line}` : ''}: expected ${expected}, got ${got}`);
    this.expected = expected;
    this.got = got;
  }
}

/** A value as an error message shows it: JSON, cut where it is long, with a name for every character that nobody sees. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  const text = json.replace(/[^\P{C}]|[^\P{Z} ]/gu, unseen => `\\u{${unseen.codePointAt(0)!.toString(16)}}`);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

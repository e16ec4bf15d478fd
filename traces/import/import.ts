/** Recognizes recorded input by its content, never by its name, and makes a trace of it. */
import { TraceError } from '../format/errors.js';
import { parseDocument } from '../format/json.js';
import { looksLikeTrace, readTrace } from '../format/reader.js';
import type { Trace } from '../format/trace.js';
import { importCase, looksLikeCase } from './cases.js';
import { importFsx, looksLikeFsx } from './fsx.js';
import { type FsxSaid, fsxFacts } from './fsx-facts.js';
import { importFtrace, looksLikeFtrace } from './ftrace.js';

export type RecordingKind = 'trace' | 'fsx' | 'case' | 'ftrace';

/** The kinds as sentences name them. */
export const RECORDINGS: Readonly<Record<RecordingKind, string>> = {
  trace: 'a trace',
  fsx: 'an fsx operation log',
  case: "a short case after the kernel's own tests",
  ftrace: 'the text of a kernel trace buffer',
};

/** What the text is; a trace also when it is a broken one, so that its own reader says what is wrong. */
export function kindOf(text: string): RecordingKind | null {
  if (looksLikeTrace(text)) return 'trace';
  if (looksLikeFsx(text)) return 'fsx';
  if (looksLikeFtrace(text)) return 'ftrace';
  const json = parsed(text);
  if (looksLikeCase(json)) return 'case';
  return null;
}

/**
 * The trace that a file holds or becomes. `sidecar` is asked for the `.json` beside an fsx log, and only for that.
 */
export function importAny(
  text: string,
  name: string,
  said: FsxSaid,
  sidecar: () => { readonly name: string; readonly text: string } | null,
): { readonly kind: RecordingKind; readonly trace: Trace } {
  const kind = kindOf(text);
  switch (kind) {
    case 'fsx':
      return { kind, trace: importFsx(text, name, fsxFacts(name, sidecar(), said)) };
    case 'case':
      return { kind, trace: importCase(parsed(text) as Readonly<Record<string, unknown>>, text, name) };
    case 'ftrace':
      return { kind, trace: importFtrace(text, name) };
    default:
      // One JSON document over several lines is no trace, whose lines are documents of their own.
      if (kind === null && (!text.trimStart().startsWith('{') || (parsed(text) !== null && /\n./.test(text))))
        throw new TraceError(
          name,
          1,
          'a trace, an fsx log or a case',
          text.trim() === '' ? 'an empty file' : 'something else',
        );
      // A first line that is no document of its own begins one of several lines.
      if (kind === null && /\n./.test(text) && parsed(text.slice(0, text.indexOf('\n'))) === null)
        parseDocument(text, name);
      return { kind: 'trace', trace: readTrace(text, name) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

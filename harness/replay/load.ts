/** Files of the user as traces, recognized by content. Everything that is wrong with them is a UsageError of one line. */
import { existsSync } from 'node:fs';
import { isRule } from '../../properties/rules/index.js';
import { shown, type Trace, TraceError } from '../../traces/format/index.js';
import { type FsxSaid, importAny, NOTHING_SAID, type RecordingKind } from '../../traces/import/index.js';
import { UsageError } from '../cli/exit.js';
import { fileName, readText } from '../files/read.js';
import { ASSERT } from '../run/findings.js';

export interface Loaded {
  readonly name: string;
  readonly kind: RecordingKind;
  readonly trace: Trace;
}

/** Reads a trace, an fsx log or a case; `-` is standard input. */
export function loadTrace(path: string, said: FsxSaid = NOTHING_SAID): Loaded {
  const text = readText(path);
  const name = fileName(path);
  try {
    const loaded = { name, ...importAny(text, name, said, () => sidecarOf(path)) };
    const { lines, verdict } = loaded.trace;
    // Behind the header and the other lines.
    if (verdict.kind === 'violation' && verdict.id !== ASSERT && !isRule(verdict.id))
      throw new TraceError(name, lines.length + 2, 'id to be the id of a rule', shown(verdict.id));
    return loaded;
  } catch (error) {
    if (error instanceof TraceError) throw new UsageError(error.message);
    throw error;
  }
}

/** The `.json` of the same name beside a log. */
function sidecarOf(path: string): { readonly name: string; readonly text: string } | null {
  if (path === '-') return null;
  const stem = path.replace(/\.gz$/, '').replace(/\.[^./]*$/, '');
  const name = [`${stem}.json`, `${stem}.json.gz`].find(candidate => candidate !== path && existsSync(candidate));
  return name === undefined ? null : { name, text: readText(name) };
}

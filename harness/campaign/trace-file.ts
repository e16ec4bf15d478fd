/** The file that a violation's trace goes to. A report is worth more than its traces: where one cannot be written, it says so. */
import { relative } from 'node:path';
import pc from 'picocolors';
import { plainPath, shellWord } from '../../traces/export/index.js';
import { UsageError } from '../cli/exit.js';
import { writeFile } from '../files/write.js';

export interface TraceFile {
  /** Path of the file, relative to where the command runs; null when there is none. */
  readonly trace: string | null;
  /** Why the trace could not be written; null when it was, or when there is none to write. */
  readonly unwritten: string | null;
}

export const NO_TRACE_FILE: TraceFile = { trace: null, unwritten: null };

export function traceFile(path: string, text: string): TraceFile {
  try {
    writeFile(path, text);
    return { trace: relative('.', path), unwritten: null };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { trace: null, unwritten: error.message };
  }
}

/** What shows a person the trace in this file. */
export function replayCommand(trace: string): string {
  return pc.cyan(`iomap-check replay --verbose ${shellWord(plainPath(trace))}`);
}

/** `--json FILE` of all commands: where the report goes, and where the text goes beside it. `-` is standard output. */

import { checkFile } from '../files/check.js';
import { writeFile } from '../files/write.js';
import type { Console } from './command.js';
import { UsageError } from './exit.js';

/** What `--json` says in the help of a command. */
export const JSON_HELP = 'write the report as JSON; - is standard output, and text goes to standard error';

/**
 * The console for the text of a command: it makes room where the report takes standard output. Asked for before the work
 * begins, it refuses a report that could not be written.
 */
export function besideJson(console: Console, path: string | undefined): Console {
  if (path === '-') return { ...console, out: console.err };
  if (path !== undefined) checkFile(path, `--json ${path}`);
  return console;
}

/**
 * Writes the report where the user wants it, if anywhere; after the text, which is then there whatever happens here.
 * `console` is the one the command was given.
 */
export function writeJson(console: Console, path: string | undefined, report: object): void {
  if (path === undefined) return;
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (path === '-') {
    console.out.write(text);
    return;
  }
  try {
    writeFile(path, text, `--json ${path}`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.unwritten(error.message);
  }
}

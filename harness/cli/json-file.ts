/** `--json FILE` of all commands: where the report goes, and where the text goes beside it. `-` is standard output. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Console } from './command.js';
import { UsageError } from './exit.js';

/** What `--json` says in the help of a command. */
export const JSON_HELP = 'write the report as JSON; - is standard output, and text goes to standard error';

/** The console for the text of a command: it makes room where the report takes standard output. */
export function besideJson(console: Console, path: string | undefined): Console {
  return path === '-' ? { ...console, out: console.err } : console;
}

/** Writes the report where the user wants it, if anywhere. `console` is the one the command was given. */
export function writeJson(console: Console, path: string | undefined, report: object): void {
  if (path === undefined) return;
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (path === '-') {
    console.out.write(text);
    return;
  }
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`--json ${path}: ${(error as Error).message}`);
  }
}

/**
 * Where the results of a command go that are not for people: `--json FILE`, `--junit FILE` and `--tap`, the same for all
 * commands. What takes standard output moves the text to standard error.
 */
import type { Command } from 'commander';
import { checkFile } from '../files/check.js';
import { writeFile } from '../files/write.js';
import { junit } from '../results/junit.js';
import type { Suite } from '../results/suite.js';
import { tap } from '../results/tap.js';
import type { Console } from './command.js';
import { UsageError } from './exit.js';

/** What a user said of them. */
export interface ResultOptions {
  readonly json?: string;
  readonly junit?: string;
  readonly tap?: true;
}

export function declareJson(command: Command): Command {
  return command.option(
    '--json <file>',
    'write the report as JSON; - is standard output, and text goes to standard error',
  );
}

/** For commands whose outcome is a list of cases. */
export function declareResults(command: Command): Command {
  return declareJson(command)
    .option('--junit <file>', 'write what passed and what failed as JUnit XML; - as with --json')
    .option('--tap', 'the same to standard output, in the Test Anything Protocol; text goes to standard error');
}

/**
 * The console for the text of a command: it makes room where results take standard output. Asked for before the work
 * begins, it refuses results that could not be written.
 */
export function besideResults(console: Console, { json, junit: xml, tap: protocol }: ResultOptions): Console {
  const files = { '--json': json, '--junit': xml };
  const onOutput = protocol === true ? ['--tap'] : [];
  for (const [option, path] of Object.entries(files)) {
    if (path === '-') onOutput.push(`${option} -`);
    else if (path !== undefined) checkFile(path, `${option} ${path}`);
  }
  if (onOutput.length > 1)
    throw new UsageError(`${onOutput.join(' with ')}: expected one of them only, there is one standard output`);
  return onOutput.length > 0 ? { ...console, out: console.err } : console;
}

/**
 * Writes the results where the user wants them, if anywhere; after the text, which is then there whatever happens here.
 * `console` is the one the command was given.
 */
export function writeResults(console: Console, options: ResultOptions, report: object, suite?: () => Suite): void {
  write(console, '--json', options.json, () => `${JSON.stringify(report, null, 2)}\n`);
  if (suite === undefined) return;
  write(console, '--junit', options.junit, () => junit(suite()));
  if (options.tap === true) console.out.write(tap(suite()));
}

function write(console: Console, option: string, path: string | undefined, text: () => string): void {
  if (path === undefined) return;
  if (path === '-') {
    console.out.write(text());
    return;
  }
  try {
    writeFile(path, text(), `${option} ${path}`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.unwritten(error.message);
  }
}

#!/usr/bin/env node
/**
 * The command line: builds the program from the list of commands, runs one of them, and turns its outcome into an exit
 * status. Errors of the user and of the machine are one line each; only a fault of the harness prints a stack.
 */
import { Command, CommanderError, type Option } from 'commander';
import { systemFault, unwritable } from '../files/fault.js';
import type { Console } from './command.js';
import { commands } from './commands/index.js';
import { Exit, LackingError, UsageError } from './exit.js';
import { packageVersion } from './version.js';

/** What could not be written, in the order in which that was noticed. */
const unwritten: string[] = [];

const terminal: Console = {
  out: process.stdout,
  err: process.stderr,
  interactive: process.stderr.isTTY === true,
  unwritten: what => void unwritten.push(what),
};

async function main(argv: readonly string[]): Promise<Exit> {
  let status: Exit = Exit.clean;
  const program = new Command('iomap-check')
    .description('Holds implementations of the Linux iomap contract against an executable reference model.')
    .version(packageVersion())
    .exitOverride()
    .configureHelp({ optionDescription: described })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'iomap-check: ')) })
    .showHelpAfterError('(iomap-check --help shows what there is)');
  for (const command of commands) {
    const sub = program.command(command.name).description(command.summary).exitOverride();
    sub.showHelpAfterError(`(iomap-check ${command.name} --help shows what there is)`);
    command.declare(sub);
    sub.action(async () => {
      status = await command.run(sub.args, sub.opts(), terminal);
    });
  }
  try {
    await program.parseAsync(argv);
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? Exit.clean : Exit.usage;
    const error = systemFault(thrown) ?? thrown;
    if (error instanceof UsageError || error instanceof LackingError) {
      complain(error.message);
      return error instanceof UsageError ? Exit.usage : Exit.lacking;
    }
    // A fault of the harness is no violation: whatever it was about to find out, it failed to.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return Exit.duty;
  }
  return status;
}

/** An option with its default as it would be typed, not quoted. */
function described({ description, defaultValue }: Option): string {
  return typeof defaultValue === 'string' ? `${description} (default: ${defaultValue})` : description;
}

function complain(message: string): void {
  process.stderr.write(`iomap-check: ${message}\n`);
}

// A closed pipe (`iomap-check … | head`) is the reader's choice, not an error; the exit status still tells the outcome.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && unwritten.length === 0) unwritten.push(unwritable('standard output', error).message);
});
// There is nobody left to be told.
process.stderr.on('error', () => {});
process.on('exit', code => {
  for (const what of unwritten) complain(what);
  if (unwritten.length > 0 && code === Exit.clean) process.exitCode = Exit.usage;
});
process.exitCode = await main(process.argv);

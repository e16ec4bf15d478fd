#!/usr/bin/env node
/**
 * The command line: builds the program from the list of commands, runs one of them, and turns its outcome into an exit
 * status. Errors of the user and of the machine are one line each; only a fault of the harness prints a stack.
 */
import { Command, CommanderError } from 'commander';
import type { Console } from './command.js';
import { commands } from './commands/index.js';
import { Exit, LackingError, UsageError } from './exit.js';
import { packageVersion } from './version.js';

const terminal: Console = {
  out: process.stdout,
  err: process.stderr,
  interactive: process.stderr.isTTY === true,
};

async function main(argv: readonly string[]): Promise<Exit> {
  let status: Exit = Exit.clean;
  const program = new Command('iomap-check')
    .description('Holds implementations of the Linux iomap contract against an executable reference model.')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(iomap-check --help shows what there is)');
  for (const command of commands) {
    const sub = program.command(command.name).description(command.summary).exitOverride();
    command.declare(sub);
    sub.action(async () => {
      status = await command.run(sub.args, sub.opts(), terminal);
    });
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.clean : Exit.usage;
    if (error instanceof UsageError || error instanceof LackingError) {
      process.stderr.write(`iomap-check: ${error.message}\n`);
      return error instanceof UsageError ? Exit.usage : Exit.lacking;
    }
    throw error;
  }
  return status;
}

// A closed pipe (`iomap-check … | head`) is the reader's choice, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});
process.exitCode = await main(process.argv);

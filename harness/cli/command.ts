/**
 * What a command of the command line is. Each lives in `commands/` in a file of its own and is registered in one list
 * (`commands/index.ts`); help text and dispatch derive from that list.
 */
import type { Command as Commander } from 'commander';
import type { Exit } from './exit.js';

/** Where a command writes. Results go to `out`, progress and diagnostics to `err`. */
export interface Console {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WriteStream | NodeJS.WritableStream;
  /** True when `err` is a terminal, so progress may be drawn. */
  readonly interactive: boolean;
  /** Something that should have been written could not be: it is said, and a command with nothing else wrong ends with 2. */
  unwritten(what: string): void;
}

/** One subcommand. `declare` adds arguments and options; `run` gets what commander parsed and returns the exit status. */
export interface CliCommand {
  readonly name: string;
  /** One line for the list of commands in `--help`. */
  readonly summary: string;
  declare(command: Commander): void;
  run(args: readonly string[], options: Readonly<Record<string, unknown>>, console: Console): Exit | Promise<Exit>;
}

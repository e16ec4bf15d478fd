/** `iomap-check import`: what others recorded, as a trace of ours. */
import type { Command } from 'commander';
import { writeTrace } from '../../../traces/format/index.js';
import { RECORDINGS } from '../../../traces/import/index.js';
import { writeFile } from '../../files/write.js';
import type { CliCommand } from '../command.js';
import { Exit, UsageError } from '../exit.js';
import { oneOf } from '../options.js';
import { declareFsxOptions, type FsxOptions, loadTraces } from '../trace-options.js';

interface Options extends FsxOptions {
  readonly out?: string;
}

/** What can be imported, by the word of the command line. */
const KINDS = { fsx: 'fsx', ftrace: 'ftrace', fstests: 'case' } as const;
const WORDS = Object.keys(KINDS) as (keyof typeof KINDS)[];

export const importTrace: CliCommand = {
  name: 'import',
  summary: 'turns an fsx operation log, a short case or kernel trace text into a trace',
  declare(command: Command): void {
    const kinds = WORDS.map(word => `${word}: ${RECORDINGS[KINDS[word]]}`);
    command
      .argument('<kind>', kinds.join('; '))
      .argument('<file>', 'what was recorded; - for standard input')
      .option('--out <file>', 'where the trace goes (default: standard output)');
    declareFsxOptions(command);
  },
  run([kind = '', path = ''], given, console): Exit {
    const options = given as unknown as Options;
    const wanted = KINDS[oneOf('import', kind, WORDS)];
    const loaded = loadTraces([path], options)[0]!;
    if (loaded.kind !== wanted)
      throw new UsageError(`${loaded.name}: expected ${RECORDINGS[wanted]}, got ${RECORDINGS[loaded.kind]}`);
    const text = writeTrace(loaded.trace);
    if (options.out === undefined) console.out.write(text);
    else writeFile(options.out, text, `--out ${options.out}`);
    return Exit.clean;
  },
};

/** `iomap-check import`: what others recorded, as a trace of ours. */
import type { Command } from 'commander';
import { writeTrace } from '../../../traces/format/index.js';
import type { RecordingKind } from '../../../traces/import/index.js';
import { writeFile } from '../../files/write.js';
import { loadTrace } from '../../replay/load.js';
import type { CliCommand } from '../command.js';
import { Exit, UsageError } from '../exit.js';
import { oneOf } from '../options.js';
import { declareFsxOptions, type FsxOptions, fsxSaid } from '../trace-options.js';

interface Options extends FsxOptions {
  readonly out?: string;
}

/** What can be imported, by the word of the command line. */
const KINDS: Readonly<Record<string, { readonly kind: RecordingKind; readonly about: string }>> = {
  fsx: { kind: 'fsx', about: 'an fsx operation log' },
  ftrace: { kind: 'ftrace', about: 'the text of a kernel trace buffer' },
  fstests: { kind: 'case', about: "a short case after the kernel's own tests" },
};

export const importTrace: CliCommand = {
  name: 'import',
  summary: 'turns an fsx operation log, a short case or kernel trace text into a trace',
  declare(command: Command): void {
    const kinds = Object.entries(KINDS).map(([word, { about }]) => `${word}: ${about}`);
    command
      .argument('<kind>', kinds.join('; '))
      .argument('<file>', 'what was recorded')
      .option('--out <file>', 'where the trace goes (default: standard output)');
    declareFsxOptions(command);
  },
  run([kind = '', path = ''], given, console): Exit {
    const options = given as unknown as Options;
    const wanted = KINDS[oneOf('import', kind, Object.keys(KINDS))];
    const loaded = loadTrace(path, fsxSaid(options));
    if (wanted === undefined || loaded.kind !== wanted.kind)
      throw new UsageError(`${path}: expected ${wanted?.about ?? 'a recording'}, got a ${loaded.kind}`);
    const text = writeTrace(loaded.trace);
    if (options.out === undefined) console.out.write(text);
    else writeFile(options.out, text, `--out ${options.out}`);
    return Exit.clean;
  },
};

/** `iomap-check export`: a trace as something that other programs run. */
import type { Command } from 'commander';
import { EXPORTERS } from '../../../traces/export/index.js';
import { TraceError } from '../../../traces/format/index.js';
import { writeFile } from '../../files/write.js';
import type { CliCommand } from '../command.js';
import { Exit, UsageError } from '../exit.js';
import { oneOf } from '../options.js';
import { declareFsxOptions, type FsxOptions, loadTraces } from '../trace-options.js';

interface Options extends FsxOptions {
  readonly out?: string;
}

export const exportTrace: CliCommand = {
  name: 'export',
  summary:
    'turns a trace, or what import reads, into an xfs_io script, an fsx operation log or a trace of our own format',
  declare(command: Command): void {
    command
      .argument('<kind>', EXPORTERS.map(exporter => `${exporter.kind}: ${exporter.about}`).join('; '))
      .argument('<trace>', 'a trace, an .fsxops log, a case or kernel trace text; - for standard input')
      .option('--out <file>', 'where it goes (default: standard output)');
    declareFsxOptions(command);
  },
  run([kind = '', path = ''], given, console): Exit {
    const options = given as unknown as Options;
    const word = oneOf(
      'export',
      kind,
      EXPORTERS.map(exporter => exporter.kind),
    );
    const { trace, name } = loadTraces([path], options)[0]!;
    const text = EXPORTERS.filter(exporter => exporter.kind === word)
      .map(exporter => written(() => exporter.write(trace, name)))
      .join('');
    if (options.out === undefined) console.out.write(text);
    else writeFile(options.out, text, `--out ${options.out}`);
    return Exit.clean;
  },
};

/** What cannot be said in the other format is the user's error. */
function written(write: () => string): string {
  try {
    return write();
  } catch (error) {
    if (error instanceof TraceError) throw new UsageError(error.message);
    throw error;
  }
}

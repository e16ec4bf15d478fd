/** `iomap-check shrink`: makes a failing trace as small as it can be, writes it, and shows what is left. */
import type { Command } from 'commander';
import pc from 'picocolors';
import { countSteps, stepsInWords, writeTrace } from '../../../traces/format/index.js';
import { checkFile } from '../../files/check.js';
import { writeFile } from '../../files/write.js';
import { judgesOf } from '../../replay/judges.js';
import { runProgram } from '../../replay/program.js';
import { type ShrinkProgress, shrinkTrace } from '../../shrink/index.js';
import { targetFactory } from '../../targets/index.js';
import type { CliCommand, Console } from '../command.js';
import { Exit, UsageError } from '../exit.js';
import { declareFsxOptions, type FsxOptions, loadTraces, withFileSystem } from '../trace-options.js';

interface Options extends FsxOptions {
  readonly target: string;
  readonly fs?: string;
  readonly out?: string;
  readonly quiet?: true;
}

/** Attempts between two drawings of the progress line. */
const DRAW_EVERY = 32;

export const shrink: CliCommand = {
  name: 'shrink',
  summary: 'makes a failing trace as small as it can be while it fails in the same way',
  declare(command: Command): void {
    command
      .argument('<trace>', 'a trace, an .fsxops log, a case or kernel trace text that fails; - for standard input')
      .option('--target <target>', 'what it fails on', 'impl')
      .option('--fs <name>', 'file system of the target (default: the one of the trace)')
      .option('--out <file>', 'where the small trace goes (default: beside the trace, as NAME.min.trace)')
      .option('--quiet', 'no progress');
    declareFsxOptions(command);
  },
  async run(paths, given, console): Promise<Exit> {
    const options = given as unknown as Options;
    const path = paths[0] ?? '';
    const [loaded] = loadTraces([path], options);
    const { trace, name } = withFileSystem(loaded!, options.fs);
    if (path === '-' && options.out === undefined)
      throw new UsageError('shrink -: expected --out FILE, got no place for the small trace');
    const out = options.out ?? `${path.replace(/\.gz$/, '').replace(/(\.min)?\.[^./]*$/, '')}.min.trace`;
    if (options.out === undefined && out === path)
      throw new UsageError(`shrink ${path}: expected --out FILE, because the small trace would replace this one`);
    // Who did not choose the place should hear that it can be chosen.
    const where = options.out === undefined ? `${out} (--out chooses another place)` : `--out ${out}`;
    checkFile(out, where);
    const factory = await targetFactory(options.target, trace.header.fs);
    const { tools, before } = judgesOf(trace, factory);
    if (runProgram(trace, factory, tools) === null)
      throw new UsageError(`${name}: the run finds nothing on ${options.target}, so there is nothing to shrink`);
    const drawing = console.interactive && options.quiet !== true;
    const small = shrinkTrace(trace, factory, drawing ? draw(console) : undefined, tools);
    if (drawing) console.err.write('\r\u001b[K');
    const text = writeTrace(small);
    writeFile(out, text, where);
    const [had, has] = [countSteps(trace), countSteps(small)];
    const became = has < had ? `became ${has}` : 'could not be made fewer';
    console.out.write(`${pc.bold(`${stepsInWords(had)} ${became}`)}, written to ${out}\n`);
    if (small.verdict.kind === 'violation') console.out.write(`${pc.red(small.verdict.id)} ${small.verdict.message}\n`);
    if (before !== null)
      console.out.write(`judged without the always-on checks, of which ${pc.bold(before.id)} ended the run earlier\n`);
    console.out.write(`\n${text}`);
    return Exit.clean;
  },
};

function draw(console: Console): (now: ShrinkProgress) => void {
  return ({ steps, attempts }) => {
    if (attempts % DRAW_EVERY === 0) console.err.write(`\r\u001b[K${steps} steps, ${attempts} tries`);
  };
}

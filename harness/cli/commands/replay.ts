/**
 * `iomap-check replay`: runs traces, fsx logs and short cases on the model, on a target, or on both, and compares both
 * with what was recorded and with each other.
 */
import type { Command } from 'commander';
import type { Trace } from '../../../traces/format/index.js';
import { agreeing } from '../../replay/agreement.js';
import { casesOfReplay } from '../../replay/cases.js';
import type { Loaded } from '../../replay/load.js';
import type { ReplayOutcome } from '../../replay/outcome.js';
import { type FollowerOf, replayOnModel, replayOnTarget } from '../../replay/replay.js';
import { outcomeLines, replayJson } from '../../replay/report.js';
import { timeline } from '../../replay/timeline.js';
import { targetFactory } from '../../targets/index.js';
import type { CliCommand, Console } from '../command.js';
import { Exit, LackingError } from '../exit.js';
import { oneOf } from '../options.js';
import { besideResults, declareResults, type ResultOptions, writeResults } from '../results.js';
import { declareFsxOptions, type FsxOptions, loadTraces, withFileSystem } from '../trace-options.js';

interface Options extends FsxOptions, ResultOptions {
  readonly target?: string;
  readonly fs?: string;
  readonly verbose?: true;
  readonly strict?: true;
}

export const replay: CliCommand = {
  name: 'replay',
  summary:
    'replays traces, fsx logs, short cases and kernel trace text; exit 1 if a violation shows or an answer is not as recorded',
  declare(command: Command): void {
    command
      .argument(
        '<trace...>',
        'traces, .fsxops logs, cases or kernel trace text, told apart by content; - for standard input',
      )
      .option('--target <target>', 'model or impl (default: both, compared)')
      .option('--fs <name>', 'file system of the target (default: the one of the trace)')
      .option('--verbose', 'prints the run as a timeline, with extents and blocks after each step')
      .option('--strict', 'exit 1 also when a directive was missed');
    declareFsxOptions(command);
    declareResults(command);
  },
  async run(paths, raw, given): Promise<Exit> {
    const options = raw as unknown as Options;
    const console = besideResults(given, options);
    if (options.target !== undefined) oneOf('--target', options.target, ['model', 'impl']);
    const all = loadTraces(paths, options).map(loaded => withFileSystem(loaded, options.fs));
    const done: { outcome: ReplayOutcome; trace: Trace }[] = [];
    const lacking: { trace: string; why: string }[] = [];
    for (const loaded of all) {
      try {
        const outcomes = await outcomesOf(loaded, options, console);
        done.push(...outcomes.map(outcome => ({ outcome, trace: loaded.trace })));
      } catch (error) {
        if (!(error instanceof LackingError)) throw error;
        console.err.write(`${loaded.name}: ${error.message}\n`);
        lacking.push({ trace: loaded.name, why: error.message });
      }
    }
    writeResults(given, options, replayJson(done), () =>
      casesOfReplay(
        done.map(({ outcome }) => outcome),
        lacking,
      ),
    );
    const failed = done.some(({ outcome }) => outcome.verdict !== 'clean');
    const missed = options.strict === true && done.some(({ outcome }) => outcome.missed.length > 0);
    if (failed || missed) return Exit.violation;
    return lacking.length > 0 ? Exit.lacking : Exit.clean;
  },
};

async function outcomesOf(loaded: Loaded, options: Options, console: Console): Promise<ReplayOutcome[]> {
  const { trace, name } = loaded;
  const { target } = options;
  const follow: FollowerOf | null = options.verbose === true ? timeline(trace, console.out) : null;
  const outcomes: ReplayOutcome[] = [];
  const add = (outcome: ReplayOutcome): void => {
    outcomes.push(outcome);
    console.out.write(`${outcomeLines(outcome).join('\n')}\n`);
  };
  if (target === undefined || target === 'model') add(replayOnModel(trace, name, target === 'model' ? follow : null));
  if (target !== 'model') {
    const word = target ?? 'impl';
    const other = replayOnTarget(trace, name, word, await targetFactory(word, trace.header.fs), follow);
    const model = outcomes[0];
    add(model === undefined ? other : agreeing(trace, model, other));
  }
  return outcomes;
}

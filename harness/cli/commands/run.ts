/** `iomap-check run`: the campaign. Parses its options, shows progress, prints the summary, decides the exit status. */
import { availableParallelism } from 'node:os';
import pc from 'picocolors';
import { type Geometry, geometryFault } from '../../../model/contract/index.js';
import { shellWord } from '../../../traces/export/index.js';
import { INJECTION_MEANINGS, INJECTIONS, type Injection } from '../../adversaries/categories.js';
import { type CampaignOptions, type CampaignOutcome, runCampaign } from '../../campaign/campaign.js';
import { casesOfRun } from '../../campaign/cases.js';
import { thousands } from '../../campaign/numbers.js';
import { ALL_PARTS, PARTS, type Part, TASK_PARTS, withTasks } from '../../campaign/parts.js';
import { dutyDone } from '../../campaign/report.js';
import { type CampaignShape, STRATEGIES } from '../../campaign/sequence.js';
import { summary } from '../../campaign/summary.js';
import { violationLines } from '../../campaign/violations.js';
import { checkFolder } from '../../files/check.js';
import { FILE_SYSTEMS } from '../../targets/index.js';
import type { CliCommand } from '../command.js';
import { Exit, UsageError } from '../exit.js';
import { Interrupts } from '../interrupts.js';
import { readKnown } from '../known.js';
import { oneOf, seconds, shard, wholeNumber } from '../options.js';
import { progressBar } from '../progress.js';
import { besideResults, declareResults, type ResultOptions, writeResults } from '../results.js';
import { packageVersion } from '../version.js';

/** Operations of each budget. */
const BUDGETS = { quick: 200_000, default: 1_000_000, soak: 20_000_000 } as const;
const BUDGET_NAMES = Object.keys(BUDGETS) as (keyof typeof BUDGETS)[];

const DEFAULT_INJECTIONS = INJECTIONS;

interface RunOptions extends ResultOptions {
  readonly target: string;
  readonly fs: string;
  readonly seed?: string;
  readonly ops?: string;
  readonly time?: string;
  readonly budget?: string;
  readonly blockSize?: string;
  readonly pageSize?: string;
  readonly inject?: string;
  readonly crashEvery?: string;
  readonly strategy?: string;
  readonly tasks?: string;
  readonly jobs?: string;
  readonly shard?: string;
  readonly known?: string;
  readonly maxViolations: string;
  readonly out: string;
  readonly quiet?: boolean;
}

export const run: CliCommand = {
  name: 'run',
  summary: 'the campaign: random operations with crash, race, stale-mapping, error and reclaim injection',
  declare(command) {
    declareResults(
      command
        .option('--target <target>', 'what is tested: impl', 'impl')
        .option('--fs <name>', `file system of the target: ${FILE_SYSTEMS.join(', ')}`, FILE_SYSTEMS[0])
        .option('--seed <seed>', 'decides everything; drawn and printed if not given')
        .option('--ops <n>', `operations to run (default: ${thousands(BUDGETS.default)}, a minute or two on two cores)`)
        .option('--time <duration>', 'run this long instead, 30s, 5m or 2h; with --ops, until either is reached')
        .option(
          '--budget <size>',
          `operations by name, unless --ops or --time say it: ${BUDGET_NAMES.map(budgetInWords).join(', ')}`,
        )
        .option(
          '--block-size <bytes>',
          'only geometries with this block size; one of ours, or your own with --page-size',
        )
        .option('--page-size <bytes>', 'page size of your own geometry (default: 4096)')
        .option(
          '--inject <kinds>',
          `some of ${INJECTIONS.join(',')}; or none (default: ${DEFAULT_INJECTIONS.join(',')})`,
        )
        .option(
          '--crash-every <n>',
          'lose power about every n operations, in every sequence (default: twice in one sequence of 24)',
        )
        .option(
          '--strategy <name>',
          `only several tasks at once, scheduled by ${STRATEGIES.join(', ')} (default: random and pct, beside sequences without tasks)`,
        )
        .option('--tasks <n>', 'only sequences with so many tasks at once, 1 to 5 (default: a mix)')
        .option('--jobs <n>', 'worker threads (default: one a core); never changes the result')
        .option('--shard <i/n>', 'run the i-th of n shares of the campaign; merge joins their reports')
        .option('--known <file>', 'known violations: lines of an id and a reason; counted, not failures')
        .option('--max-violations <n>', 'stop after so many', '1')
        .option('--out <dir>', 'where traces go; made if it is missing', 'iomap-check-out'),
    )
      .option('--quiet', 'print nothing but violations')
      .addHelpText('after', `\nKinds of --inject:\n${INJECTIONS.map(meaning).join('\n')}`);
  },
  async run(_args, raw, given) {
    const options = raw as unknown as RunOptions;
    const campaign = parse(options);
    const console = besideResults(given, options);
    checkFolder(options.out, `--out ${options.out}`);
    const progress = options.quiet === true ? null : progressBar(console, campaign.operations, 'operations');
    const interrupts = new Interrupts(console, 'finishing the sequences in progress', () => progress?.stop());
    try {
      const outcome = await runCampaign({
        ...campaign,
        progress: done => interrupts.times === 0 && progress?.update(done),
        haste: () => (interrupts.times === 0 ? 'none' : interrupts.times === 1 ? 'soon' : 'at once'),
      });
      progress?.stop();
      console.out.write(options.quiet === true ? violationsOnly(outcome) : whole(outcome, options));
      writeResults(given, options, outcome.report, () => casesOfRun('run', outcome.report));
      for (const fault of outcome.faults) console.err.write(`${fault}\n`);
      if (outcome.lacking !== null) console.err.write(`iomap-check: ${outcome.lacking}\n`);
      return status(outcome);
    } finally {
      progress?.stop();
      interrupts.stop();
    }
  },
};

function budgetInWords(name: keyof typeof BUDGETS): string {
  return `${name} (${thousands(BUDGETS[name])})`;
}

function meaning(kind: Injection): string {
  return `  ${kind.padEnd(9)}${INJECTION_MEANINGS[kind]}`;
}

function violationsOnly({ report }: CampaignOutcome): string {
  if (report.violations.length === 0) return '';
  return `${[...violationLines(report), `seed ${report.seed}`].join('\n')}\n`;
}

function whole(outcome: CampaignOutcome, options: RunOptions): string {
  const interrupted = outcome.interrupted ? `${pc.yellow('Interrupted.')}\n` : '';
  return `${summary(outcome.report)}${interrupted}\n${pc.dim('again:')} ${again(options, outcome)}\n`;
}

function status({ report, interrupted, lacking }: CampaignOutcome): Exit {
  if (interrupted) return Exit.interrupted;
  if (report.violations.length > 0) return Exit.violation;
  if (lacking !== null) return Exit.lacking;
  return dutyDone(report) ? Exit.clean : Exit.duty;
}

function parse(options: RunOptions): Omit<CampaignOptions, 'progress' | 'haste'> {
  const known = options.known === undefined ? new Map<string, string>() : readKnown(options.known);
  const parts = chooseTasks(options, choose(options));
  const time = options.time === undefined ? null : seconds('--time', options.time);
  if (options.target !== 'impl') throw new UsageError(`--target ${options.target}: expected impl`);
  if (options.seed === '') throw new UsageError('--seed: expected a seed, got nothing');
  return {
    shape: {
      seed: options.seed ?? String(1 + Math.floor(Math.random() * 999_999_999)),
      fs: oneOf('--fs', options.fs, FILE_SYSTEMS),
      inject: injections(options),
      parts,
      without: [],
      known: [...known.keys()],
      ...crashEvery(options),
      strategy: options.strategy === undefined ? null : oneOf('--strategy', options.strategy, STRATEGIES),
    },
    target: options.target,
    version: packageVersion(),
    jobs: options.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', options.jobs, 1, 256),
    operations: operationsOf(options),
    seconds: time,
    shard: options.shard === undefined ? { index: 0, count: 1 } : shard('--shard', options.shard),
    maxViolations: wholeNumber('--max-violations', options.maxViolations, 1, 1000),
    known,
    out: options.out,
    whole: parts === ALL_PARTS,
  };
}

/** How many operations end the campaign; Infinity where only time does. A number or a time goes before a budget. */
function operationsOf({ budget = 'default', ops, time }: RunOptions): number {
  const named = BUDGETS[oneOf('--budget', budget, BUDGET_NAMES)];
  if (ops !== undefined) return wholeNumber('--ops', ops, 1, 1e12);
  return time === undefined ? named : Infinity;
}

function injections({ inject, strategy }: RunOptions): readonly Injection[] {
  if (inject === undefined) return DEFAULT_INJECTIONS;
  if (inject === 'none') return [];
  if (strategy === 'dfs') throw new UsageError(`--inject ${inject}: with --strategy dfs nothing is injected`);
  return [...new Set(inject.split(',').map(kind => oneOf('--inject', kind.trim(), INJECTIONS)))];
}

function crashEvery(options: RunOptions): Pick<CampaignShape, 'crashEvery'> {
  const { crashEvery: text, inject, strategy } = options;
  if (text === undefined) return {};
  if (!injections(options).includes('crash'))
    throw new UsageError(`--crash-every ${text}: --inject ${inject} leaves out crash`);
  if (strategy === 'dfs') throw new UsageError(`--crash-every ${text}: with --strategy dfs no power is lost`);
  return { crashEvery: wholeNumber('--crash-every', text, 1, 1e9) };
}

/** Our parts, those of them with the block size asked for, or one of the user's own making. */
function choose(options: RunOptions): readonly Part[] {
  if (options.blockSize === undefined && options.pageSize === undefined) return ALL_PARTS;
  const blockSize = wholeNumber('--block-size', options.blockSize ?? '4096', 1, 2 ** 20);
  if (options.pageSize === undefined) {
    const fitting = PARTS.filter(part => part.geometry.blockSize === blockSize);
    if (fitting.length > 0) return fitting;
  }
  const pageSize = wholeNumber('--page-size', options.pageSize ?? '4096', 1, 2 ** 20);
  const sectorSize = Math.min(512, blockSize);
  const geometry: Geometry = {
    blockSize,
    pageSize,
    maxFolioSize: Math.max(blockSize, pageSize) * 16,
    sectorSize,
    deviceBlocks: 2048,
  };
  const fault = geometryFault(geometry);
  if (fault !== null) throw new UsageError(`--block-size ${blockSize} --page-size ${pageSize}: ${fault}`);
  return [{ name: `${blockSize}`, geometry, share: 1, span: blockSize * 64, longest: blockSize * 8, tasks: 1 }];
}

/** Parts with the number of tasks asked for; a strategy asks for several. */
function chooseTasks(options: RunOptions, parts: readonly Part[]): readonly Part[] {
  if (options.tasks === undefined) return options.strategy !== undefined && parts === ALL_PARTS ? TASK_PARTS : parts;
  const tasks = wholeNumber('--tasks', options.tasks, 1, 5);
  if (tasks === 1 && options.strategy !== undefined)
    throw new UsageError(`--tasks 1: --strategy ${options.strategy} is about several tasks`);
  if (parts === ALL_PARTS) {
    const fitting = ALL_PARTS.filter(part => part.tasks === tasks);
    if (fitting.length > 0) return fitting;
  }
  return parts.filter(part => part.tasks === 1).map(part => withTasks(part, tasks, part.share));
}

/**
 * The one command that repeats what was run, with --ops in place of --time; where nothing was, the one that was given.
 */
function again(options: RunOptions, { report, repeat }: CampaignOutcome): string {
  const length: readonly (readonly [string, string | undefined])[] =
    repeat > 0
      ? [['--ops', String(repeat)]]
      : [
          ['--ops', options.ops],
          ['--time', options.time],
          ['--budget', options.budget],
        ];
  const words = ['iomap-check run'];
  for (const [flag, value] of [
    ['--seed', report.seed],
    ...length,
    ['--fs', options.fs === FILE_SYSTEMS[0] ? undefined : options.fs],
    ['--block-size', options.blockSize],
    ['--page-size', options.pageSize],
    ['--inject', options.inject],
    ['--crash-every', options.crashEvery],
    ['--strategy', options.strategy],
    ['--tasks', options.tasks],
    ['--shard', options.shard],
    ['--known', options.known],
    ['--max-violations', options.maxViolations === '1' ? undefined : options.maxViolations],
  ] as const)
    if (value !== undefined) words.push(`${flag} ${shellWord(value)}`);
  return words.join(' ');
}

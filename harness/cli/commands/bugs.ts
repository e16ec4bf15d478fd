/**
 * `iomap-check bugs`: puts bugs into private copies of the implementation and sees whether the default campaign finds
 * them. A bug is a unified diff against `impl/` (`--patch`).
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { casesOfHunt } from '../../bugs/cases.js';
import { type HuntOptions, hunt } from '../../bugs/hunt.js';
import { packageSource, patchedSources } from '../../bugs/mutant.js';
import { type Patch, PatchError, readPatch } from '../../bugs/patch.js';
import { PACKAGE_ROOT } from '../../bugs/private-copy.js';
import { rebasePatch } from '../../bugs/rebase.js';
import { detectionTable } from '../../bugs/table.js';
import { STRATEGIES } from '../../campaign/sequence.js';
import { checkFolder } from '../../files/check.js';
import { readText } from '../../files/read.js';
import { writeFile } from '../../files/write.js';
import type { CliCommand, Console } from '../command.js';
import { Exit, UsageError } from '../exit.js';
import { Interrupts } from '../interrupts.js';
import { oneOf, wholeNumber } from '../options.js';
import { besideResults, declareResults, type ResultOptions, writeResults } from '../results.js';

interface Options extends ResultOptions {
  readonly patch?: readonly string[];
  readonly rebase?: true;
  readonly base?: string;
  readonly seeds?: string;
  readonly seed?: string;
  readonly ops: string;
  readonly strategy?: string;
  readonly jobs: string;
  readonly patience?: string;
  readonly control: boolean;
  readonly out: string;
  readonly quiet?: true;
}

/** Slower than any campaign that makes progress, and a minute to start and shrink. */
const SLOWEST_OPERATIONS_A_SECOND = 2_000;
const SEEDS = '3';
const MOST_SEEDS = 1_000;

export const bugs: CliCommand = {
  name: 'bugs',
  summary: 're-introduces bugs and sees whether the default campaign finds them',
  declare(command: Command): void {
    declareResults(
      command
        .option('--patch <file...>', 'unified diffs against impl/, one bug each')
        .option('--rebase', 'first makes diffs that no longer apply anew, by three-way merge, in place')
        .option('--base <dir|revision>', 'with --rebase: what the diffs were made against (default: what they name)')
        .option('--seeds <n>', `campaigns of each bug, with seeds 1 to n (default: ${SEEDS})`)
        .option('--seed <seed>', 'one campaign of each bug, with this seed')
        .option('--ops <n>', 'operations a campaign may take', '400000')
        .option('--strategy <name>', 'only several tasks at once, scheduled in this way (see run)')
        .option('--jobs <n>', 'campaigns at the same time', String(availableParallelism()))
        .option('--patience <seconds>', 'when a campaign counts as hanging (default: by the number of operations)')
        .option('--no-control', 'does not run the unchanged implementation as well')
        .option('--out <dir>', 'where traces go; made if it is missing', 'iomap-check-out')
        .option('--quiet', 'no progress'),
    );
  },
  async run(_args, given, console): Promise<Exit> {
    const options = given as unknown as Options;
    if (options.patch === undefined) throw new UsageError('bugs needs --patch FILE, a unified diff against impl/');
    if (options.base !== undefined && options.rebase !== true)
      throw new UsageError(`--base ${options.base}: expected --rebase with it`);
    const plan = planOf(options);
    const beside = besideResults(console, options);
    checkFolder(options.out, `--out ${options.out}`);
    try {
      const patches = options.patch.map(file => load(file, options, beside));
      return await report(patches, plan, options, console);
    } catch (error) {
      if (error instanceof PatchError) throw new UsageError(error.message);
      throw error;
    }
  },
};

/** What the options say about the hunt. */
type Plan = Pick<HuntOptions, 'seeds' | 'operations' | 'out' | 'jobs' | 'patience' | 'strategy' | 'control'>;

function planOf(options: Options): Plan {
  const operations = wholeNumber('--ops', options.ops, 1, Number.MAX_SAFE_INTEGER);
  return {
    seeds: seeds(options),
    operations,
    out: join(options.out, 'bugs'),
    jobs: wholeNumber('--jobs', options.jobs, 1, 256),
    patience:
      options.patience === undefined
        ? 60 + Math.ceil(operations / SLOWEST_OPERATIONS_A_SECOND)
        : wholeNumber('--patience', options.patience, 1, 1_000_000),
    strategy: options.strategy === undefined ? undefined : oneOf('--strategy', options.strategy, STRATEGIES),
    control: options.control,
  };
}

/** Reads a diff, makes it anew if that was asked for, and makes sure that it applies. */
function load(file: string, options: Options, console: Console): Patch {
  const given = readText(file);
  let patch = readPatch(given, file);
  if (options.rebase === true) {
    const text = rebasePatch(patch, { current: packageSource, root: PACKAGE_ROOT, base: options.base ?? null });
    if (text !== given) {
      writeFile(file, text);
      console.out.write(`${file}: made anew\n`);
    }
    patch = readPatch(text, file);
  }
  patchedSources(patch);
  return patch;
}

async function report(patches: readonly Patch[], plan: Plan, options: Options, console: Console): Promise<Exit> {
  const stop = new AbortController();
  const interrupts = new Interrupts(console, 'ending the campaigns in progress', () => stop.abort());
  try {
    const result = await hunt(patches, {
      ...plan,
      signal: stop.signal,
      progress(slug, { seed, by, operations: after, seconds }) {
        if (!console.interactive || options.quiet === true) return;
        const outcome = by !== null ? `${by} after ${after ?? '?'} operations` : 'nothing found';
        console.err.write(`${slug ?? 'control'}, seed ${seed}: ${outcome}, ${seconds.toFixed(1)} s\n`);
      },
    });
    besideResults(console, options).out.write(detectionTable(result));
    writeResults(console, options, result, () => casesOfHunt(result));
    if (stop.signal.aborted) return Exit.interrupted;
    if ((result.falseAlarms ?? 0) > 0) return Exit.duty;
    return result.found === result.total ? Exit.clean : Exit.violation;
  } finally {
    interrupts.stop();
  }
}

function seeds(options: Options): string[] {
  if (options.seed !== undefined && options.seeds !== undefined)
    throw new UsageError(`--seeds ${options.seeds}: expected --seed or --seeds, not both`);
  if (options.seed !== undefined) return [options.seed];
  const howMany = wholeNumber('--seeds', options.seeds ?? SEEDS, 1, MOST_SEEDS);
  return Array.from({ length: howMany }, (_, index) => String(index + 1));
}

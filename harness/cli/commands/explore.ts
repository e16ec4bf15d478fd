/**
 * `iomap-check explore --crash`: every crash state of bounded programs. Runs each program once, then mounts and judges
 * every state that every cut of its device history can leave.
 */
import { join } from 'node:path';
import pc from 'picocolors';
import { type Call, DEFAULT_OPTIONS, type TargetFactory } from '../../../model/contract/index.js';
import { countSteps, stepsInWords, writeTrace } from '../../../traces/format/index.js';
import { thousands } from '../../campaign/numbers.js';
import { composeTrace } from '../../campaign/trace.js';
import { replayCommand, traceFile } from '../../campaign/trace-file.js';
import {
  ALPHABET_NAMES,
  ALPHABETS,
  type AlphabetName,
  CRASH_GEOMETRY,
  countPrograms,
  PROGRAM_FILES,
  type Program,
  programAt,
  programNamed,
  SIZE_A,
  SIZE_B,
} from '../../crash/alphabet.js';
import { casesOfExploration } from '../../crash/cases.js';
import { type Exhausted, Exhauster } from '../../crash/exhaust.js';
import { type CrashViolation, crashReport, ExploreTally, type ProgramReport } from '../../crash/report.js';
import { checkFolder } from '../../files/check.js';
import { safeName } from '../../files/name.js';
import { Tools } from '../../replay/tools.js';
import { shrinkTrace } from '../../shrink/index.js';
import { FILE_SYSTEMS, targetFactory } from '../../targets/index.js';
import type { CliCommand, Console } from '../command.js';
import { Exit, UsageError } from '../exit.js';
import { Interrupts } from '../interrupts.js';
import { oneOf, shard, wholeNumber } from '../options.js';
import { progressBar } from '../progress.js';
import { besideResults, declareResults, type ResultOptions, writeResults } from '../results.js';

interface ExploreOptions extends ResultOptions {
  readonly crash?: boolean;
  readonly all?: boolean;
  readonly list?: boolean;
  readonly cache: boolean;
  readonly alphabet?: string;
  readonly longest?: string;
  readonly every?: string;
  readonly shard?: string;
  readonly target?: string;
  readonly fs?: string;
  readonly maxViolations?: string;
  readonly out?: string;
}

/** What it takes where the user says nothing: not known to the parser, so that what was said is seen. */
const DEFAULTS = { target: 'impl', fs: FILE_SYSTEMS[0]!, maxViolations: '1', out: 'iomap-check-out' };

export const explore: CliCommand = {
  name: 'explore',
  summary: 'every crash state of bounded programs (--crash)',
  declare(command) {
    declareResults(
      command
        .argument('[program...]', 'programs by name, as --list spells them: write-part+fsync,truncate-down-part')
        .option('--crash', 'crash states: what can survive at every position of the device history')
        .option('--all', 'all programs of up to --longest steps')
        .option('--alphabet <name>', `with --all or --list, steps of ${ALPHABET_NAMES.join(' or ')} (default: whole)`)
        .option('--longest <n>', 'with --all, steps of the longest program, 1 to 3 (default: 2)')
        .option('--every <n>', 'with --all, only every n-th program')
        .option('--shard <i/n>', 'with --all, only this share of them')
        .option('--list', 'lists the steps of the alphabet, and does nothing else')
        .option('--no-cache', 'the device has no volatile cache: what has completed is durable')
        .option('--target <target>', `what is tested: impl (default: ${DEFAULTS.target})`)
        .option('--fs <name>', `file system of the target: ${FILE_SYSTEMS.join(', ')} (default: ${DEFAULTS.fs})`)
        .option('--max-violations <n>', `stop after so many (default: ${DEFAULTS.maxViolations})`)
        .option('--out <dir>', `where traces go; made if it is missing (default: ${DEFAULTS.out})`),
    );
  },
  async run(args, raw, given) {
    const said = raw as unknown as ExploreOptions;
    if (said.list === true) return list(alphabetToList(args, said), given);
    const options = { ...DEFAULTS, ...said };
    const console = besideResults(given, options);
    if (options.crash !== true) throw new UsageError('explore: expected --crash (crash states) or --list');
    const factory = await targetFactory(options.target, options.fs);
    const exhauster = new Exhauster(factory, CRASH_GEOMETRY, !options.cache);
    const most = wholeNumber('--max-violations', options.maxViolations, 1, 1000);
    checkFolder(options.out, `--out ${options.out}`);
    const tally = new ExploreTally();
    const started = Date.now();
    const programs = chosen(args, options);
    const progress = progressBar(console, programs.count, 'programs');
    const interrupts = new Interrupts(console, 'finishing the program in progress', () => progress.stop());
    for (const program of programs) {
      const exhausted = exhauster.run(program, args.length > 0);
      tally.add(exhausted);
      if (exhausted.finding !== null) tally.violations.push(explain(program, exhausted, factory, options, console));
      if (tally.violations.length >= most || interrupts.times > 0) break;
      if (tally.programs % 64 === 0) progress.update(tally.programs);
      // Lets a signal in.
      await new Promise(resolve => setImmediate(resolve));
    }
    progress.stop();
    interrupts.stop();
    const interrupted = interrupts.times > 0;
    const report = crashReport(tally, options.fs, (Date.now() - started) / 1000, interrupted);
    print(tally, report.scenarios[0]!, console);
    writeResults(given, options, report, () => casesOfExploration(report));
    if (tally.violations.length > 0) return Exit.violation;
    return interrupted ? Exit.interrupted : Exit.clean;
  },
};

/** The program with the crash that shows the violation, shrunk and written as a trace. */
function explain(
  program: Program,
  { finding, crash }: Exhausted,
  factory: TargetFactory,
  { fs, cache, out }: Pick<ExploreOptions, 'cache'> & typeof DEFAULTS,
  { err }: Console,
): CrashViolation {
  const origin = `explore --crash ${program.name}`;
  const device = { writeThrough: !cache };
  const scene = { fs, geometry: CRASH_GEOMETRY, options: DEFAULT_OPTIONS, files: PROGRAM_FILES, device, origin };
  const found = composeTrace(scene, program.calls, [], crash === null ? [] : [crash], finding!);
  let trace = found;
  try {
    // The checks that are always on may find something before power is lost: here it is the crash state that counts.
    trace = shrinkTrace(found, factory, undefined, new Tools(false));
  } catch (error) {
    // What was found is told all the same, as it was found.
    err.write(`${program.name} could not be shrunk: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
  const { verdict } = trace;
  if (verdict.kind !== 'violation') throw new Error('the trace of a finding says that nothing was found');
  const { id, message } = verdict;
  const path = join(out, `${safeName(`${id.toLowerCase()}-${program.name.replaceAll(',', '-')}`)}.trace`);
  const file = traceFile(path, writeTrace(trace));
  return { program: program.name, id, message, ...file, steps: countSteps(trace) };
}

/** The programs asked for, made as they are wanted. */
interface Chosen extends Iterable<Program> {
  readonly count: number;
}

function chosen(args: readonly string[], options: ExploreOptions): Chosen {
  if (args.length > 0) {
    if (options.all === true)
      throw new UsageError('explore --crash: expected the names of programs, or --all; not both');
    for (const option of ['alphabet', 'longest', 'every', 'shard'] as const)
      if (options[option] !== undefined)
        throw new UsageError(`--${option} ${options[option]}: expected --all, not the names of programs`);
    const named = args.map(name => {
      const program = programNamed(name);
      if (typeof program === 'string') throw new UsageError(program);
      return program;
    });
    return { count: named.length, [Symbol.iterator]: () => named.values() };
  }
  if (options.all !== true) throw new UsageError('explore --crash: expected the names of programs, or --all');
  const longest = wholeNumber('--longest', options.longest ?? '2', 1, 3);
  const every = wholeNumber('--every', options.every ?? '1', 1, 1e9);
  const alphabet = ALPHABETS[alphabetOf(options)];
  const { index, count } = options.shard === undefined ? { index: 0, count: 1 } : shard('--shard', options.shard);
  // Neighbours stay together: they have recoveries in common.
  const programs = Math.ceil(countPrograms(longest, alphabet) / every);
  const first = Math.floor((programs * index) / count);
  const end = Math.floor((programs * (index + 1)) / count);
  if (first === end)
    throw new UsageError(`--shard ${options.shard}: expected a share that holds a program, got none of ${programs}`);
  return {
    count: end - first,
    *[Symbol.iterator]() {
      for (let n = first; n < end; n++) yield programAt(n * every, alphabet);
    },
  };
}

function alphabetOf({ alphabet = 'whole' }: ExploreOptions): AlphabetName {
  return oneOf('--alphabet', alphabet, ALPHABET_NAMES);
}

/** --list runs nothing: whoever asks it for more has something else in mind. */
function alphabetToList(
  args: readonly string[],
  { list: _, crash: _crash, alphabet, cache, ...others }: ExploreOptions,
): AlphabetName {
  const [other] = [...args, ...(cache ? [] : ['--no-cache']), ...Object.keys(others).map(flagOf)];
  if (other !== undefined)
    throw new UsageError(`explore --list: expected nothing with it but --alphabet, got ${other}`);
  return alphabetOf({ cache, ...(alphabet === undefined ? {} : { alphabet }) });
}

function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

function list(name: AlphabetName, console: Console): Exit {
  const { letters, syncs } = ALPHABETS[name];
  const { blockSize, sectorSize } = CRASH_GEOMETRY;
  const say = (text: string): void => void console.out.write(`${text}\n`);
  say(`Blocks of ${blockSize} bytes, sectors of ${sectorSize}; a is ${SIZE_A} bytes long, b ${SIZE_B}, both synced.\n`);
  for (const { word, name: operation, file, fields } of letters)
    say(`  ${word.padEnd(22)}${operation} ${'ab'[file]} ${pc.dim(told(fields))}`);
  say(`\nAfter each step, with +: ${syncs.filter(sync => sync !== 'none').join(', ')}.`);
  say(
    `${thousands(countPrograms(2, ALPHABETS[name]))} programs of up to two steps, ${thousands(countPrograms(3, ALPHABETS[name]))} of up to three.`,
  );
  return Exit.clean;
}

function told({ offset, length, size, fromFile, fromOffset }: Partial<Call>): string {
  const source = fromFile === undefined ? '' : ` from ${'ab'[fromFile]} at ${fromOffset}`;
  if (size !== undefined) return `to ${size}`;
  return length === 0 ? `the whole${source}` : `${offset}, ${length} bytes${source}`;
}

function print(tally: ExploreTally, report: ProgramReport, console: Console): void {
  const say = (label: string, text: string): void => void console.out.write(`  ${pc.dim(label.padEnd(10))}${text}\n`);
  const { counts } = tally;
  console.out.write(`${pc.bold('iomap-check explore --crash')}\n\n`);
  say('programs', thousands(tally.programs));
  say('cuts', thousands(counts.cuts));
  for (const [kind, n] of tally.cutsBy) say('', `${thousands(n).padStart(11)} after ${kind}`);
  say('states', `${thousands(counts.states)}, ${thousands(counts.torn)} with a write of log or metadata torn`);
  const rate = Math.round(counts.different / Math.max(report.seconds, 0.001));
  say('judged', `${thousands(counts.different)} that recovery can tell from each other, ${thousands(rate)} a second`);
  say('sectors', `${thousands(counts.sectors)} contents of sectors of data judged`);
  say('recovered', `${thousands(counts.mounts)} images, ${thousands(counts.interrupted)} crashes of recovery itself`);
  if (counts.sampled > 0) say('sampled', pc.yellow(`${thousands(counts.sampled)} cuts had too many states for all`));
  console.out.write('\n');
  if (tally.violations.length === 0) console.out.write(`${pc.green('No forbidden state.')}\n`);
  for (const { program, id, message, trace, unwritten, steps } of tally.violations) {
    console.out.write(`${pc.red(`${id} violated`)} by ${program}\n  ${message}\n`);
    const shown = trace === null ? `the trace could not be written: ${unwritten}` : replayCommand(trace);
    console.out.write(`  ${stepsInWords(steps)}: ${shown}\n`);
  }
}

/**
 * The default campaign of a private copy, in a process of its own: `iomap-check run`, nothing else, so a mutant has to be
 * found the way a user would find it. The campaign has a step limit for what yields without end; for what never yields
 * again there is a watchdog here, which first interrupts (the campaign then still writes its report) and then kills. A
 * mutant that hangs or crashes the campaign is found, with what it said.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Exit, UsageError } from '../cli/exit.js';
import { ASSERT } from '../run/findings.js';

/** What one campaign of one seed came to. */
export interface Detection {
  readonly seed: string;
  readonly found: boolean;
  /** What was reported is no bug of the diff: the unchanged package was, or is by the same trace. Then nothing was `found`. */
  readonly alarm: boolean;
  /** The rule that was violated, `hang`, or `crash` (of the campaign or of the code of the mutant); null when nothing was found. */
  readonly by: string | null;
  readonly message: string | null;
  /** Operations until it was found; null when it was not, or when the process could not say. */
  readonly operations: number | null;
  /** Schedules of several tasks until then. */
  readonly schedules: number | null;
  readonly seconds: number;
  /** The trace, shrunk if nothing is said to the contrary, and its number of steps, if there is one. */
  readonly trace: string | null;
  readonly steps: number | null;
  /** Why the trace is not a shrunk one, or there is none; null if there is nothing to say. */
  readonly note: string | null;
}

export interface ChildOptions {
  readonly seed: string;
  readonly operations: number;
  /** Where the campaign leaves report and traces. */
  readonly out: string;
  /** Seconds until the watchdog ends the process. */
  readonly patience: number;
  /** Seconds an interrupted campaign gets to write its report. Default 10. */
  readonly grace?: number;
  /** Ends the process early, because the user wants to stop. */
  readonly signal: AbortSignal;
  /** Only several tasks at once, scheduled in this way; absent: the default campaign. */
  readonly strategy?: string | undefined;
  /** The rules that may report what is hunted: among several violations, these count. */
  readonly rules?: readonly string[];
}

/** What is read of `run --json`. */
interface RunReport {
  readonly operations: number;
  readonly schedules: number;
  readonly violations: readonly {
    readonly id: string;
    readonly message: string;
    readonly trace: string | null;
    readonly steps: number | null;
    readonly note: string | null;
  }[];
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly overdue: boolean;
  readonly stderr: string;
  readonly seconds: number;
}

const GRACE_SECONDS = 10;
const STDERR_KEPT = 16_384;

/** A trace with more steps than these may not be the plainest: the campaign then goes on to so many violations. */
const FEW_STEPS = 6;
const MORE = 5;

/**
 * Runs the campaign of the package whose command line is `main`; null when it was stopped from outside. What it found first
 * counts, told by the shortest trace among the first few.
 */
export async function runCampaign(main: string, options: ChildOptions): Promise<Detection | null> {
  const first = await campaign(main, options, 1);
  if (first?.steps == null || first.steps <= FEW_STEPS || options.signal.aborted) return first;
  const further = await campaign(main, options, MORE);
  if (further?.steps == null || further.steps >= first.steps) return first;
  const { by, message, trace, steps, note } = further;
  return { ...first, by, message, trace, steps, note, seconds: first.seconds + further.seconds };
}

/** One campaign, until it has found so many violations. */
async function campaign(main: string, options: ChildOptions, violations: number): Promise<Detection | null> {
  mkdirSync(options.out, { recursive: true });
  const json = join(options.out, 'run.json');
  // An earlier hunt may have left its report in the same folder.
  rmSync(json, { force: true });
  const args = [
    'run',
    '--ops',
    options.operations,
    '--seed',
    options.seed,
    '--max-violations',
    violations,
    '--jobs',
    1,
    '--json',
    json,
    ...(options.strategy === undefined ? [] : ['--strategy', options.strategy]),
  ];
  const ending = await finish(
    spawn(process.execPath, [main, ...args.map(String), '--out', options.out, '--quiet'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
    options,
  );
  if (options.signal.aborted) return null;
  const report = existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as RunReport) : null;
  return judge(ending, report, options);
}

type Violation = RunReport['violations'][number];

/** A name that nobody declared and the like: the mutant is broken, and what it was to break may not have been reached. */
function isCrash({ id, message }: Violation): boolean {
  return id === ASSERT && /\bthrew (Reference|Type|Syntax)Error: /.test(message);
}

/** The shortest trace first. */
function byLength(one: Violation, other: Violation): number {
  return (one.steps ?? Infinity) - (other.steps ?? Infinity);
}

function judge(ending: Ending, report: RunReport | null, { seed, patience, rules = [] }: ChildOptions): Detection {
  const { code, signal, seconds, stderr } = ending;
  const common = {
    seed,
    seconds,
    alarm: false,
    operations: report?.operations ?? null,
    schedules: report?.schedules ?? null,
  };
  const violations = report?.violations ?? [];
  const counting = violations.filter(({ id }) => rules.includes(id));
  const [violation] = [...(counting.length > 0 ? counting : violations)].sort(byLength);
  if (violation !== undefined) {
    const { id, message, trace, steps, note } = violation;
    return { ...common, found: true, by: isCrash(violation) ? 'crash' : id, message, trace, steps, note };
  }
  const without = { ...common, found: true, trace: null, steps: null, note: null };
  if (ending.overdue) return { ...without, by: 'hang', message: `the campaign did not end within ${patience} s` };
  // The campaign may also fail its own duty: a mutation that makes a branch unreachable starves an obligation, but it is
  // a violation that was asked for.
  if (report !== null && (code === Exit.clean || code === Exit.duty))
    return { ...without, operations: null, found: false, by: null, message: null };
  // With a report it ran: then it is the mutant that took more memory than there is.
  if (report === null && (code === Exit.usage || code === Exit.lacking))
    throw new UsageError(`the campaign could not run: ${stderr.trim()}`);
  const said = stderr.trim().split('\n');
  const reason = said.find(line => /^\w*Error\b/.test(line)) ?? said.at(-1) ?? '';
  return { ...without, by: 'crash', message: `the campaign ended with ${signal ?? `status ${code}`}: ${reason}` };
}

function finish(child: ChildProcess, { patience, grace = GRACE_SECONDS, signal }: ChildOptions): Promise<Ending> {
  const start = performance.now();
  let stderr = '';
  let overdue = false;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  const watchdog = setTimeout(() => {
    overdue = true;
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), grace * 1000).unref();
  }, patience * 1000);
  // What a campaign says that was stopped from outside is not used.
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
      resolve({ code, signal: killedBy, overdue, stderr, seconds: (performance.now() - start) / 1000 });
    });
  });
}

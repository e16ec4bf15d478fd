/**
 * The hunt for a list of bugs, each a diff: every one on every seed, and the unchanged package as the control, a few
 * processes at a time. What comes out is what `bugs --json` writes.
 */
import { join } from 'node:path';
import { readTrace } from '../../traces/format/index.js';
import { distinct, safeName } from '../files/name.js';
import { readText } from '../files/read.js';
import { type ChildOptions, type Detection, runCampaign } from './campaign-child.js';
import { makeMutant } from './mutant.js';
import type { Patch } from './patch.js';
import { copyPackage } from './private-copy.js';
import { mayReport, shownWithout } from './witness.js';

export interface HuntOptions {
  readonly seeds: readonly string[];
  readonly operations: number;
  readonly out: string;
  /** How many campaigns run at the same time. */
  readonly jobs: number;
  readonly patience: number;
  /** How tasks are scheduled, where not as the default campaign does. */
  readonly strategy?: string | undefined;
  /** Also run the unchanged package, whose findings are false alarms. */
  readonly control: boolean;
  readonly signal: AbortSignal;
  /** Told of each campaign that ended, in the order in which they end; the control's slug is null. */
  readonly progress: (slug: string | null, detection: Detection) => void;
}

/** One bug of the report. Lists go by seed, in the order of `seeds`; null where it was missed. */
export interface BugReport {
  /** Of several diffs with one slug, all but the first have a number behind it. */
  readonly slug: string;
  /** The commit that fixed it and the version it was found in, for bugs of the corpus. */
  readonly commit: string | null;
  readonly foundIn: string | null;
  /** Found on every seed; false also while a seed is missing because the hunt was interrupted. */
  readonly found: boolean;
  readonly operationsToDetect: readonly (number | null)[];
  readonly secondsToDetect: readonly (number | null)[];
  /** What found it first, in the order of `seeds`, with the trace of that campaign. */
  readonly by: string | null;
  readonly message: string | null;
  readonly trace: string | null;
  readonly steps: number | null;
  readonly note: string | null;
  /** What each seed gave; null where the hunt was interrupted before. */
  readonly detections: readonly (Detection | null)[];
}

export interface HuntReport {
  readonly schema: 1;
  readonly seeds: readonly string[];
  readonly operations: number;
  readonly bugs: readonly BugReport[];
  readonly found: number;
  readonly total: number;
  /**
   * Alarms of the unchanged package: of its own campaigns, and those of a diff's campaigns whose trace fails without the diff
   * too. Null if there is none of them, and no control, or one that was interrupted.
   */
  readonly falseAlarms: number | null;
  /** What they were. */
  readonly alarms: readonly Detection[];
}

/** Runs all campaigns, or as many as there is time for until the signal. Diffs that cannot be used must have been sorted out before. */
export async function hunt(patches: readonly Patch[], options: HuntOptions): Promise<HuntReport> {
  const tasks: (() => Promise<void>)[] = [];
  const results = patches.map(() => options.seeds.map((): Detection | null => null));
  const controls = options.seeds.map((): Detection | null => null);
  // Diffs from several folders may have one slug.
  const slugs = distinct(patches.map(({ slug }) => slug));
  const [folder, ...folders] = distinct([CONTROL, ...slugs].map(safeName));
  if (options.control) tasks.push(...campaigns(null, null, folder!, controls, options));
  patches.forEach((patch, index) => {
    tasks.push(...campaigns(patch, slugs[index]!, folders[index]!, results[index]!, options));
  });
  const workers = Array.from({ length: Math.min(options.jobs, tasks.length) }, async () => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) await task();
  });
  await Promise.all(workers);
  const bugs = patches.map((patch, index) => bugReport(patch, slugs[index]!, results[index]!));
  const alarms = [...controls, ...results.flat()].filter(detection => detection !== null).filter(({ alarm }) => alarm);
  const controlled = options.control && controls.every(detection => detection !== null);
  return {
    schema: 1,
    seeds: options.seeds,
    operations: options.operations,
    bugs,
    found: bugs.filter(bug => bug.found).length,
    total: bugs.length,
    falseAlarms: controlled || alarms.length > 0 ? alarms.length : null,
    alarms,
  };
}

/** The folder of the unchanged package. */
const CONTROL = 'control';

/** One task a seed; the copy is made by the first and goes with the last. */
function campaigns(
  patch: Patch | null,
  slug: string | null,
  folder: string,
  into: (Detection | null)[],
  options: HuntOptions,
): (() => Promise<void>)[] {
  let copy: ReturnType<typeof makeMutant> | null = null;
  let left = options.seeds.length;
  return options.seeds.map((seed, index) => async () => {
    try {
      if (options.signal.aborted) return;
      copy ??= patch === null ? copyPackage(new Map()) : makeMutant(patch);
      const out = join(options.out, folder, `seed-${safeName(seed)}`);
      const child: ChildOptions = {
        seed,
        operations: options.operations,
        out,
        patience: options.patience,
        signal: options.signal,
        strategy: options.strategy,
        rules: patch === null ? [] : mayReport(patch),
      };
      const detection = await runCampaign(copy.main, child);
      if (detection === null) return;
      const alarm = detection.found && (patch === null || failsWithout(detection));
      into[index] = alarm ? { ...detection, alarm, found: false } : detection;
      options.progress(slug, into[index]);
    } finally {
      if (--left === 0) copy?.dispose();
    }
  });
}

/** A trace that fails without the diff too is no witness of it. */
function failsWithout({ trace }: Detection): boolean {
  return trace !== null && shownWithout(readTrace(readText(trace), trace)) !== null;
}

function bugReport(patch: Patch, slug: string, detections: readonly (Detection | null)[]): BugReport {
  const first = detections.find(detection => detection?.found);
  return {
    slug,
    commit: patch.headers.get('commit') ?? null,
    foundIn: patch.headers.get('found-in') ?? null,
    found: detections.every(detection => detection?.found),
    operationsToDetect: detections.map(detection => (detection?.found ? detection.operations : null)),
    secondsToDetect: detections.map(detection => (detection?.found ? detection.seconds : null)),
    by: first?.by ?? null,
    message: first?.message ?? null,
    trace: first?.trace ?? null,
    steps: first?.steps ?? null,
    note: first?.note ?? null,
    detections,
  };
}

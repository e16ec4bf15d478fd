/**
 * Runs a lane: the hot loop of a campaign. Pure computation; what it returns depends on the campaign's shape and the lane
 * number only, except where it is told to stop.
 */
import type { Call, Finding, Sink, Target, TargetConfig, TargetFactory } from '../../model/contract/index.js';
import { createModel, type ReferenceModel } from '../../model/files/index.js';
import { type CheckSet, createChecks } from '../../properties/index.js';
import type { Injection } from '../adversaries/categories.js';
import { RandomAdversary } from '../adversaries/random.js';
import { type Deviation, RecordingAdversary } from '../adversaries/recording.js';
import { type CrashCounts, noCounts } from '../crash/counts.js';
import { Crasher, type CrashPoint } from '../crash/crasher.js';
import type { Adversary } from '../run/adversary.js';
import { LockHearing } from '../run/judging.js';
import { DepthFirst } from '../schedule/depth-first.js';
import { Footprint } from '../schedule/footprint.js';
import { PctStrategy } from '../schedule/pct.js';
import { RandomStrategy } from '../schedule/random.js';
import { ScheduleRecorder } from '../schedule/recorder.js';
import { Scheduler } from '../schedule/scheduler.js';
import type { Strategy } from '../schedule/strategy.js';
import { StepTracking } from '../schedule/tracking.js';
import { closing } from './closing.js';
import {
  type CampaignShape,
  countOperations,
  LANE_LENGTH,
  makeSequence,
  type Schedule,
  type Sequence,
} from './sequence.js';
import { Tally } from './tally.js';

/** What one lane did; plain data, so that it can cross threads. */
export interface LaneResult {
  readonly lane: number;
  readonly sequences: number;
  readonly operations: number;
  readonly injections: number;
  readonly byInjection: Readonly<Record<Injection, number>>;
  /** By part, in the order of the shape's parts. */
  readonly partOperations: readonly number[];
  readonly partSequences: readonly number[];
  /** Runs of several tasks: one a sequence, many where all schedules are tried. */
  readonly partSchedules: readonly number[];
  readonly partMilliseconds: readonly number[];
  /** States after a crash that were recovered and judged. */
  readonly partCrashStates: readonly number[];
  readonly crashes: CrashCounts;
  readonly events: Float64Array;
  readonly notables: Float64Array;
  readonly operationCounts: Float64Array;
  readonly checks: Readonly<Record<string, number>>;
  /** How often each transition of the statecharts was taken, by name. */
  readonly transitions: Readonly<Record<string, number>>;
  /** Violations that the campaign was told to expect, by id. */
  readonly known: Readonly<Record<string, number>>;
  readonly findings: readonly LaneFinding[];
  /** True when the lane ended before its last sequence because it was told to. */
  readonly stopped: boolean;
}
export interface LaneFinding {
  readonly lane: number;
  readonly sequence: number;
  /** Operations of the lane up to and including the failing one. */
  readonly operations: number;
  readonly finding: Finding;
  /** The worker that ran the sequence hung or ended in it, as would any other that ran it again; then `operations` stops before it. */
  readonly ended?: 'hang' | 'exit';
}

/** A failing sequence, run again with the recorder on. */
export interface Recorded {
  readonly sequence: Sequence;
  /** The calls that were started, the one that showed the violation last. */
  readonly ran: readonly Call[];
  readonly deviations: readonly Deviation[];
  readonly crashes: readonly CrashPoint[];
  readonly finding: Finding | null;
}

/** What came of one sequence. */
interface Outcome {
  readonly operations: number;
  /** The calls that were started, but for those a crash undid before they began. */
  readonly ran: readonly Call[];
  readonly crashes: readonly CrashPoint[];
  readonly finding: Finding | null;
}

/** What may end a lane early, and how it tells that it is alive. Called once a sequence. */
export interface LaneControl {
  /** Return true to stop before the sequence with this number. */
  shouldStop(sequence: number, operations: number): boolean;
}

/** Schedules of one program that are tried exhaustively. */
const MOST_SCHEDULES = 2000;

export class LaneRunner {
  private readonly factory: TargetFactory;
  private readonly runner = new Scheduler();
  private readonly random = new RandomStrategy();
  private readonly pct = new PctStrategy();
  private readonly depthFirst = new DepthFirst();
  private readonly adversary = new RandomAdversary();
  private readonly models = new Map<string, ReferenceModel>();
  private readonly crasher: Crasher;
  private checks: CheckSet | null = null;
  /** Only while all schedules of a program are tried. */
  private footprint: Footprint | null = null;
  private tracking: StepTracking | null = null;

  constructor(factory: TargetFactory) {
    this.factory = factory;
    this.crasher = new Crasher(factory);
  }

  run(shape: CampaignShape, lane: number, limit: number, maxFindings: number, control: LaneControl): LaneResult {
    const tally = new Tally();
    const findings: LaneFinding[] = [];
    const partOperations = shape.parts.map(() => 0);
    const partSequences = shape.parts.map(() => 0);
    const partSchedules = shape.parts.map(() => 0);
    const partMilliseconds = shape.parts.map(() => 0);
    const partCrashStates = shape.parts.map(() => 0);
    Object.assign(this.crasher.counts, noCounts());
    this.adversary.clearCounts();
    const known: Record<string, number> = {};
    let operations = 0;
    let injections = 0;
    let number = 0;
    let stopped = false;
    this.checks?.clearCounts();
    for (; number < LANE_LENGTH && operations < limit; number++) {
      if (control.shouldStop(number, operations)) {
        stopped = true;
        break;
      }
      const sequence = makeSequence(shape, lane, number);
      const part = shape.parts.indexOf(sequence.part);
      const started = performance.now();
      const states = this.crasher.counts.states;
      const outcome = this.explore(shape, sequence, lane, tally, () => null);
      partCrashStates[part]! += this.crasher.counts.states - states;
      partMilliseconds[part]! += performance.now() - started;
      injections += this.injections;
      operations += outcome.operations;
      partOperations[part]! += outcome.operations;
      partSequences[part]!++;
      partSchedules[part]! += outcome.schedules;
      if (outcome.finding !== null && shape.known.includes(outcome.finding.id)) {
        known[outcome.finding.id] = (known[outcome.finding.id] ?? 0) + 1;
      } else if (outcome.finding !== null) {
        findings.push({ lane, sequence: number, operations, finding: outcome.finding });
        if (findings.length >= maxFindings) {
          number++;
          break;
        }
      }
    }
    const { cuts, within, torn, interrupted } = this.crasher.counts;
    tally.note('crash', cuts);
    tally.note('crash-in-call', within);
    tally.note('crash-tears-log', torn);
    tally.note('crash-in-recovery', interrupted);
    return {
      lane,
      sequences: number,
      operations,
      injections,
      partOperations,
      partSequences,
      partSchedules,
      partMilliseconds,
      partCrashStates,
      crashes: { ...this.crasher.counts },
      byInjection: { ...this.adversary.counts, crash: this.crasher.counts.cuts },
      events: tally.events,
      notables: tally.notables,
      operationCounts: tally.operations,
      checks: this.checks?.counts() ?? {},
      transitions: coverageOf(this.checks),
      known,
      findings,
      stopped,
    };
  }

  /** Runs one sequence again with the recorder on: the calls that ran, and what the adversary did. */
  record(shape: CampaignShape, lane: number, number: number): Recorded {
    const sequence = makeSequence(shape, lane, number);
    let recording = new RecordingAdversary(this.adversary);
    const { finding, ran, crashes } = this.explore(shape, sequence, lane, new Tally(), () => {
      recording = new RecordingAdversary(this.adversary);
      return recording;
    });
    return { sequence, ran, deviations: recording.deviations, crashes, finding };
  }

  private injections = 0;

  /** Runs a sequence once, or with all its schedules, as long as nothing is found. */
  private explore(
    shape: CampaignShape,
    sequence: Sequence,
    lane: number,
    tally: Tally,
    recording: () => RecordingAdversary | null,
  ): Outcome & { readonly schedules: number } {
    const { schedule } = sequence;
    if (schedule?.strategy === 'dfs') this.depthFirst.draw(schedule.parameter);
    let outcome = this.execute(shape, sequence, tally, recording());
    let { operations } = outcome;
    let schedules = schedule === null ? 0 : 1;
    if (schedule?.strategy === 'dfs')
      while (outcome.finding === null && schedules < MOST_SCHEDULES && this.depthFirst.advance()) {
        // The sequence anew: its streams were used up.
        outcome = this.execute(shape, makeSequence(shape, lane, sequence.number), tally, recording());
        operations += outcome.operations;
        schedules++;
      }
    const { ran, crashes, finding } = outcome;
    return { operations, ran, crashes, finding, schedules };
  }

  private execute(
    shape: CampaignShape,
    sequence: Sequence,
    tally: Tally,
    recording: RecordingAdversary | null,
  ): Outcome {
    this.injections = 0;
    this.adversary.begin(sequence.adversary, sequence.temper);
    const { runner } = this;
    const config: TargetConfig = {
      fs: shape.fs,
      geometry: sequence.geometry,
      options: sequence.options,
      files: sequence.files,
      chooser: runner,
      sink: this.sink(sequence, tally),
      recordDevice: sequence.crashes !== null,
      // Without a journal on the device nothing could come back after a shutdown, and it is refused.
      journal: sequence.crashes !== null || sequence.endsDown ? 'device' : 'memory',
      writeThrough: sequence.crashes?.writeThrough ?? false,
    };
    const target = this.factory.create(config);
    this.tracking =
      this.footprint === null
        ? null
        : new StepTracking(this.footprint, this.depthFirst, target, sequence.geometry.blockSize);
    const model = this.model(config);
    const adversary = recording ?? this.adversary;
    this.install(target, model, tally, adversary, sequence);
    if (sequence.crashes !== null) this.crasher.begin(config, target, model);
    const { schedule, calls } = sequence;
    const plan = sequence.crashes;
    const crashes: CrashPoint[] = [];
    const ran: Call[] = [];
    let operations = 0;
    const outcome = (finding: Finding | null): Outcome => {
      this.injections += runner.injections;
      return { operations, ran, crashes, finding };
    };
    // From one loss of power to the next.
    for (let from = 0; from < calls.length; ) {
      const last = plan?.after.find(index => index >= from) ?? calls.length;
      const stretch = calls.slice(from, last + 1);
      from = last + 1;
      operations +=
        schedule === null
          ? this.oneByOne(stretch, ran, plan !== null)
          : this.together(stretch, ran, schedule, tally, recording, plan !== null);
      if (runner.finding !== null) return outcome(runner.finding);
      if (plan === null || last === calls.length) continue;
      const { within } = this.crasher.counts;
      const struck = this.crasher.strikeByChance(n => plan.random.below(n), plan.cuts, plan.states);
      if (schedule !== null) tally.note('crash-beside-others', this.crasher.counts.within - within);
      crashes.push(struck.point);
      // What came after that position never happened.
      ran.length = ran.findIndex(({ id }) => id === struck.point.op) + 1;
      if (struck.target === null) return outcome(struck.finding);
      this.injections += runner.injections;
      this.install(struck.target, model, tally, adversary, sequence);
    }
    const ends = sequence.endsDown || runner.abandoned;
    runner.close();
    for (const call of ends ? [] : closing(sequence)) {
      ran.push(call);
      if (!runner.perform(call)) break;
    }
    return outcome(runner.finding);
  }

  /** What the target tells goes to the tally and its checks; on its way there locks are heard, and footprints taken. */
  private sink({ schedule }: Sequence, tally: Tally): Sink {
    this.footprint = schedule?.strategy === 'dfs' ? new Footprint(tally) : null;
    return schedule === null ? tally : new LockHearing(this.runner.judging, this.footprint ?? tally);
  }

  /** Runs calls one after the other, into `ran`. How many of them are operations. */
  private oneByOne(calls: readonly Call[], ran: Call[], marking: boolean): number {
    let operations = 0;
    for (const call of calls) {
      if (call.task !== 0) operations++;
      ran.push(call);
      if (marking) this.crasher.mark(call);
      if (!this.runner.perform(call)) break;
    }
    return operations;
  }

  /** Runs calls of several tasks at once. */
  private together(
    calls: readonly Call[],
    ran: Call[],
    schedule: Schedule,
    tally: Tally,
    recording: RecordingAdversary | null,
    marking: boolean,
  ): number {
    const { runner } = this;
    const recorder = recording === null ? null : new ScheduleRecorder(recording.deviations);
    runner.schedule(calls, this.strategy(schedule), recorder, marking ? this.crasher : undefined, this.tracking);
    tally.note('preemption', runner.preemptions);
    tally.note('preempted-write', runner.preemptedWrites);
    tally.note('lock-wait', runner.lockWaits);
    tally.note('mutual-lock-wait', runner.mutualWaits);
    tally.note('out-of-order', runner.outOfOrder);
    ran.push(...runner.order);
    return countOperations(runner.order);
  }

  /** The runner and the checks have this target from now on. */
  private install(target: Target, model: ReferenceModel, tally: Tally, adversary: Adversary, sequence: Sequence): void {
    const { view } = target;
    const { geometry, schedule } = sequence;
    if (view === undefined) throw new Error(`target ${this.factory.name} shows no view, so it cannot be checked`);
    const context = { geometry, view, truth: model, device: target.device ?? null };
    if (this.checks === null) this.checks = createChecks(context);
    else this.checks.reset(context);
    tally.begin(this.checks, Math.max(geometry.pageSize, geometry.blockSize));
    this.runner.begin(target, model, tally, adversary, schedule !== null);
  }

  private strategy({ strategy, random, parameter }: Schedule): Strategy {
    if (strategy === 'dfs') return this.depthFirst;
    if (strategy === 'pct') {
      this.pct.draw(random, parameter);
      return this.pct;
    }
    this.random.draw(random, parameter);
    return this.random;
  }

  private model(config: TargetConfig): ReferenceModel {
    const { blockSize, pageSize, maxFolioSize, sectorSize, deviceBlocks } = config.geometry;
    const key = `${blockSize} ${pageSize} ${maxFolioSize} ${sectorSize} ${deviceBlocks} ${config.files}`;
    let model = this.models.get(key);
    if (model === undefined) {
      model = createModel({ fs: 'xfs', geometry: config.geometry, options: config.options, files: config.files });
      this.models.set(key, model);
    } else model.reset(config.options);
    return model;
  }
}

function coverageOf(checks: CheckSet | null): Record<string, number> {
  const taken: Record<string, number> = {};
  for (const { chart, transitions, taken: counts } of checks?.coverage() ?? [])
    transitions.forEach(({ name }, index) => {
      taken[`${chart}: ${name}`] = counts[index]!;
    });
  return taken;
}

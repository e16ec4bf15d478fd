/**
 * Runs one sequence of a campaign: from target and model as they are made, over losses of power in its midst, to the calls
 * that close it; by one task, by several, or in all schedules of several.
 */
import type { Call, Finding, Sink, Target, TargetConfig, TargetFactory } from '../../model/contract/index.js';
import type { ReferenceModel } from '../../model/files/index.js';
import { type CheckSet, createChecks } from '../../properties/index.js';
import { RandomAdversary } from '../adversaries/random.js';
import type { RecordingAdversary } from '../adversaries/recording.js';
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
import { ModelPool } from './model-pool.js';
import { type CampaignShape, countOperations, makeSequence, type Schedule, type Sequence } from './sequence.js';
import type { Tally } from './tally.js';

/** What came of one sequence. */
export interface Outcome {
  readonly operations: number;
  readonly injections: number;
  /** The calls that were started, but for those a crash undid before they began. */
  readonly ran: readonly Call[];
  readonly crashes: readonly CrashPoint[];
  readonly finding: Finding | null;
}

/** Schedules of one program that are tried exhaustively. */
const MOST_SCHEDULES = 2000;

/** Calls overlap that take locks. */
function isOrdered({ schedule, temper }: Sequence): boolean {
  return schedule !== null || temper.duels;
}

export class SequenceRunner {
  readonly adversary = new RandomAdversary();
  readonly crasher: Crasher;
  private readonly factory: TargetFactory;
  private readonly runner = new Scheduler();
  private readonly random = new RandomStrategy();
  private readonly pct = new PctStrategy();
  private readonly depthFirst = new DepthFirst();
  private readonly models = new ModelPool();
  private installed: CheckSet | null = null;
  /** Only while all schedules of a program are tried. */
  private footprint: Footprint | null = null;
  private tracking: StepTracking | null = null;

  constructor(factory: TargetFactory) {
    this.factory = factory;
    this.crasher = new Crasher(factory);
  }

  /** The checks, once a sequence has run. */
  get checks(): CheckSet | null {
    return this.installed;
  }

  /** Runs a sequence once, or with all its schedules, as long as nothing is found. */
  explore(
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
    return { ...outcome, operations, schedules };
  }

  private execute(
    shape: CampaignShape,
    sequence: Sequence,
    tally: Tally,
    recording: RecordingAdversary | null,
  ): Outcome {
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
    const model = this.models.take(config);
    this.adversary.begin(sequence.adversary, sequence.temper, file => model.size(file));
    const adversary = recording ?? this.adversary;
    this.install(target, model, tally, adversary, sequence);
    if (sequence.crashes !== null) this.crasher.begin(config, target, model);
    const { schedule, calls } = sequence;
    const plan = sequence.crashes;
    const crashes: CrashPoint[] = [];
    const ran: Call[] = [];
    let operations = 0;
    let injections = 0;
    const outcome = (finding: Finding | null): Outcome => {
      injections += runner.injections;
      return { operations, injections, ran, crashes, finding };
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
      runner.endInjected(calls[last]!);
      if (runner.finding !== null) return outcome(runner.finding);
      const { within } = this.crasher.counts;
      const struck = this.crasher.strikeByChance(n => plan.random.below(n), plan.cuts, plan.states);
      if (schedule !== null) tally.note('crash-beside-others', this.crasher.counts.within - within);
      crashes.push(struck.point);
      // What came after that position never happened.
      ran.length = ran.findIndex(({ id }) => id === struck.point.op) + 1;
      if (struck.target === null) return outcome(struck.finding);
      injections += runner.injections;
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
  private sink(sequence: Sequence, tally: Tally): Sink {
    this.footprint = sequence.schedule?.strategy === 'dfs' ? new Footprint(tally) : null;
    return !isOrdered(sequence) ? tally : new LockHearing(this.runner.judging, this.footprint ?? tally);
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
    if (this.installed === null) this.installed = createChecks(context);
    else this.installed.reset(context);
    tally.begin(this.installed, Math.max(geometry.pageSize, geometry.blockSize));
    this.runner.begin({
      target,
      oracle: model,
      watcher: tally,
      adversary,
      scheduled: schedule !== null,
      ordered: isOrdered(sequence),
    });
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
}

/**
 * Runs a lane: the hot loop of a campaign. Pure computation; what it returns depends on the campaign's shape and the lane
 * number only, except where it is told to stop.
 */
import type { Call, Finding, TargetFactory } from '../../model/contract/index.js';
import type { CheckSet } from '../../properties/index.js';
import { type Deviation, RecordingAdversary } from '../adversaries/recording.js';
import { noCounts } from '../crash/counts.js';
import type { CrashPoint } from '../crash/crasher.js';
import type { LaneFinding, LaneResult } from './lane-result.js';
import { type CampaignShape, LANE_LENGTH, makeSequence, type Sequence } from './sequence.js';
import { SequenceRunner } from './sequence-runner.js';
import { Tally } from './tally.js';

/** A failing sequence, run again with the recorder on. */
export interface Recorded {
  readonly sequence: Sequence;
  /** The calls that were started, the one that showed the violation last. */
  readonly ran: readonly Call[];
  readonly deviations: readonly Deviation[];
  readonly crashes: readonly CrashPoint[];
  readonly finding: Finding | null;
}

/** What may end a lane early, and how it tells that it is alive. Called once a sequence. */
export interface LaneControl {
  /** Return true to stop before the sequence with this number. */
  shouldStop(sequence: number, operations: number): boolean;
}

export class LaneRunner {
  private readonly runner: SequenceRunner;

  constructor(factory: TargetFactory) {
    this.runner = new SequenceRunner(factory);
  }

  run(shape: CampaignShape, lane: number, limit: number, maxFindings: number, control: LaneControl): LaneResult {
    const tally = new Tally();
    const findings: LaneFinding[] = [];
    const parts = shape.parts.map(() => ({
      operations: 0,
      sequences: 0,
      schedules: 0,
      crashStates: 0,
      milliseconds: 0,
    }));
    const { adversary, crasher } = this.runner;
    Object.assign(crasher.counts, noCounts());
    adversary.clearCounts();
    const known: Record<string, number> = {};
    let operations = 0;
    let injections = 0;
    let number = 0;
    let stopped = false;
    this.runner.checks?.clearCounts();
    for (; number < LANE_LENGTH && operations < limit; number++) {
      if (control.shouldStop(number, operations)) {
        stopped = true;
        break;
      }
      const sequence = makeSequence(shape, lane, number);
      const part = parts[shape.parts.indexOf(sequence.part)]!;
      const started = performance.now();
      const states = crasher.counts.states;
      const outcome = this.runner.explore(shape, sequence, lane, tally, () => null);
      injections += outcome.injections;
      operations += outcome.operations;
      part.operations += outcome.operations;
      part.sequences++;
      part.schedules += outcome.schedules;
      part.crashStates += crasher.counts.states - states;
      part.milliseconds += performance.now() - started;
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
    const { cuts, within, torn, interrupted } = crasher.counts;
    tally.note('crash', cuts);
    tally.note('crash-in-call', within);
    tally.note('crash-tears-log', torn);
    tally.note('crash-in-recovery', interrupted);
    return {
      lane,
      sequences: number,
      operations,
      injections,
      parts,
      crashes: { ...crasher.counts },
      byInjection: { ...adversary.counts, crash: crasher.counts.cuts },
      events: tally.events,
      notables: tally.notables,
      operationCounts: tally.operations,
      checks: this.runner.checks?.counts() ?? {},
      transitions: coverageOf(this.runner.checks),
      known,
      findings,
      stopped,
    };
  }

  /** Runs one sequence again with the recorder on: the calls that ran, and what the adversary did. */
  record(shape: CampaignShape, lane: number, number: number): Recorded {
    const sequence = makeSequence(shape, lane, number);
    const { adversary } = this.runner;
    let recording = new RecordingAdversary(adversary);
    const { finding, ran, crashes } = this.runner.explore(shape, sequence, lane, new Tally(), () => {
      recording = new RecordingAdversary(adversary);
      return recording;
    });
    return { sequence, ran, deviations: recording.deviations, crashes, finding };
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

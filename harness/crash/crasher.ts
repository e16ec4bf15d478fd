/**
 * Crashes in the course of a run. A crash is decided when the calls up to it have run: a position of the device history is
 * picked, which may lie in the middle of any of them, what came after it never happened, and the run goes on in the state
 * that was recovered. Several other positions are judged on the way, because the history is there.
 *
 * A position is named by the call that had begun last, so what began later can be left out. Where calls overlap, it is one
 * at which some call was in progress: what I/O and completion work do between calls belongs to a call that is left out.
 */
import type {
  Call,
  CallId,
  DeviceHistory,
  Finding,
  Survivors,
  Target,
  TargetConfig,
  TargetFactory,
} from '../../model/contract/index.js';
import type { ReferenceModel, Timeline } from '../../model/files/index.js';
import type { Survivor } from '../../traces/format/index.js';
import { type CrashCounts, noCounts } from './counts.js';
import { CrashExaminer } from './examiner.js';
import { recoveredFiles } from './recovered.js';
import { Recoveries } from './recoveries.js';
import { namesOf, survivorsOf } from './survivors.js';
import { FixedMedium } from './volatile-medium.js';

/** A crash as a trace names it: before the nth device event after the call began; null: every state of every position. */
export interface CrashPoint {
  readonly op: CallId;
  readonly nth: number;
  readonly survive: readonly Survivor[] | null;
}

export interface Struck {
  /** Where it was found, or where power was lost. */
  readonly point: CrashPoint;
  readonly finding: Finding | null;
  /** Where the run goes on; null when something was found. */
  readonly target: Target | null;
  /** Something that the point names was not there: so many device events, or a write that survives. */
  readonly missed: boolean;
}

interface Mark {
  readonly op: CallId;
  readonly begin: number;
  /** Length of the history when no call was in progress any more, if none began meanwhile. */
  rest: number;
}

export class Crasher {
  readonly counts: CrashCounts = noCounts();
  private readonly factory: TargetFactory;
  private config!: TargetConfig;
  private model!: ReferenceModel;
  private history!: DeviceHistory;
  private timeline!: Timeline;
  /** The calls since the mount, and the length of the history when each began. */
  private readonly marks: Mark[] = [];

  constructor(factory: TargetFactory) {
    this.factory = factory;
  }

  /** A run begins on the target, which records its device. */
  begin(config: TargetConfig, target: Target, model: ReferenceModel): void {
    this.config = config;
    this.model = model;
    this.follow(target);
  }

  /** The call is about to begin. */
  mark(call: Call): void {
    this.marks.push({ op: call.id, begin: this.history.length, rest: Number.POSITIVE_INFINITY });
  }

  /** No call is in progress. */
  rest(): void {
    const mark = this.marks.at(-1);
    if (mark !== undefined) mark.rest = this.history.length;
  }

  /** Judges `cuts` positions, a few states of each, and crashes at one of them. */
  strikeByChance(below: (n: number) => number, cuts: number, statesEach: number): Struck {
    const { history } = this;
    const examiner = this.examiner(false);
    const positions = Array.from({ length: cuts }, () => this.named(below(history.length + 1)));
    positions.sort((a, b) => a - b);
    for (const cut of positions) {
      if (this.isWithin(cut)) this.counts.within++;
      const found = examiner.examine(cut, { below, count: statesEach });
      if (found === null) continue;
      this.add(examiner.counts);
      return {
        point: { ...this.place(cut), survive: found.survive },
        finding: found.finding,
        target: null,
        missed: false,
      };
    }
    this.add(examiner.counts);
    const cut = positions[below(positions.length)]!;
    const limit = below(history.volatileAt(cut).length + 1);
    const kept = new Set(history.volatileAt(cut).slice(0, limit));
    const survive: Survivors = { survives: write => kept.has(write) !== (below(8) === 0) };
    const names = namesOf(history, cut, this.config.geometry.sectorSize, survive);
    return this.strike({ ...this.place(cut), survive: names });
  }

  /** Crashes at that point. */
  strike(point: CrashPoint): Struck {
    const examiner = this.examiner(point.survive === null);
    const { history, config } = this;
    const at = this.marks.findIndex(mark => mark.op === point.op);
    const begin = this.marks[at]?.begin ?? 0;
    const end = this.marks[at + 1]?.begin ?? history.length;
    if (point.survive === null) {
      for (let cut = begin; cut <= end; cut++) {
        const found = examiner.examine(cut);
        if (found !== null) {
          this.add(examiner.counts);
          const pinned = { op: point.op, nth: cut - begin + 1, survive: found.survive };
          return { point: pinned, finding: found.finding, target: null, missed: false };
        }
      }
      return { ...this.goOn(point, examiner, end, { survives: () => true }), missed: at < 0 };
    }
    const { sectorSize } = config.geometry;
    const wanted = begin + point.nth - 1;
    const cut = Math.min(wanted, history.length);
    const survivors = survivorsOf(history, cut, point.survive, sectorSize);
    const missed = at < 0 || wanted > end || survivors.missed;
    const finding = examiner.examineOne(cut, survivors);
    if (finding !== null) {
      this.add(examiner.counts);
      return { point, finding, target: null, missed };
    }
    const named = { ...point, survive: namesOf(history, cut, sectorSize, survivors) };
    return { ...this.goOn(named, examiner, cut, survivors), missed };
  }

  private goOn(point: CrashPoint, examiner: CrashExaminer, cut: number, survivors: Survivors): Omit<Struck, 'missed'> {
    this.add(examiner.counts);
    const target = this.factory.mount?.(this.config, this.history.image(cut, survivors)) ?? null;
    if (target?.view === undefined || target.device === undefined) {
      const message = 'there is nothing to recover from what the crash left';
      return {
        point,
        finding: { id: 'INV-63', message, file: 0, offset: -1, length: -1, call: point.op },
        target: null,
      };
    }
    const { geometry } = this.config;
    const medium = new FixedMedium(target.device.contents, geometry.sectorSize);
    this.model.adopt(recoveredFiles(target.view, geometry), medium);
    this.counts.losses++;
    this.follow(target);
    return { point, finding: null, target };
  }

  private follow(target: Target): void {
    const history = target.device?.history ?? null;
    if (history === null) throw new Error(`target ${this.factory.name} records no device history, so it cannot crash`);
    this.history = history;
    this.timeline = this.model.recordCrashes(() => history.length);
    this.marks.length = 0;
  }

  private examiner(every: boolean): CrashExaminer {
    const recoveries = new Recoveries(this.factory, this.config, every);
    return new CrashExaminer(recoveries, this.config, this.history, this.timeline);
  }

  /** The position by the last call that had begun. */
  private place(cut: number): { readonly op: CallId; readonly nth: number } {
    const mark = this.marks.findLast(({ begin }) => begin <= cut) ?? this.marks[0]!;
    return { op: mark.op, nth: Math.max(0, cut - mark.begin) + 1 };
  }

  /** Some call had begun to use the device, and went on with it. */
  private isWithin(cut: number): boolean {
    const at = this.marks.findLastIndex(({ begin }) => begin < cut);
    return at >= 0 && cut < (this.marks[at + 1]?.begin ?? this.history.length);
  }

  /** The position itself, or the last one before it at which a call was in progress. */
  private named(cut: number): number {
    return Math.min(cut, this.marks.findLast(({ begin }) => begin <= cut)?.rest ?? cut);
  }

  private add(counts: CrashCounts): void {
    for (const key of Object.keys(counts) as (keyof CrashCounts)[]) this.counts[key] += counts[key];
  }
}

/**
 * Judges the crashes of one run: at each cut of the device history what every state of log and metadata recovers to is held
 * against the model (INV-60 … INV-65). Sectors of data are judged candidate by candidate, so none is left out and none
 * multiplies the states; states that recovery cannot tell from each other are judged as one.
 *
 * Does not look at what operations do afterwards: that is the campaign's, which goes on in a recovered state.
 */
import type { DeviceHistory, Finding, Survivors, TargetConfig } from '../../model/contract/index.js';
import { CrashJudge, type Timeline, windowAt } from '../../model/files/index.js';
import type { Survivor } from '../../traces/format/index.js';
import { Choices } from './choices.js';
import { type CrashCounts, noCounts } from './counts.js';
import { durableAt, type Recoveries, type Recovery } from './recoveries.js';
import { namesOf } from './survivors.js';
import { VolatileMedium } from './volatile-medium.js';

/** Different recoveries at one cut, at most; where there are more, a sample of states is added. */
const MOST_STATES = 4096;

/** A forbidden state: what log and metadata must hold for it. Some contents of the sectors of data do the rest. */
export interface CrashFinding {
  readonly finding: Finding;
  readonly cut: number;
  readonly survive: readonly Survivor[];
}

/** A few states by chance. */
export interface Few {
  readonly below: (n: number) => number;
  readonly count: number;
}

export class CrashExaminer {
  readonly counts: CrashCounts = noCounts();
  private readonly recoveries: Recoveries;
  private readonly sectorSize: number;
  private readonly history: DeviceHistory;
  private readonly timeline: Timeline;
  private judge: CrashJudge | null = null;
  /** What was permitted with the judge's window and the sectors of data as they are. */
  private readonly permitted = new Set<string>();
  private dataKey = '';
  private lastCut = -1;

  constructor(recoveries: Recoveries, config: TargetConfig, history: DeviceHistory, timeline: Timeline) {
    this.recoveries = recoveries;
    this.sectorSize = config.geometry.sectorSize;
    this.history = history;
    this.timeline = timeline;
  }

  /** The first forbidden state of a crash at `cut`, or null: of all of them, or of a few. */
  examine(cut: number, few: Few | null = null): CrashFinding | null {
    const { history, counts, sectorSize } = this;
    counts.cuts++;
    const judge = this.judgeAt(cut);
    const durable = durableAt(history, cut);
    const choices = new Choices(history, cut, sectorSize, durable);
    const medium = new VolatileMedium(history, cut, sectorSize, durable);
    for (const recovery of few !== null && choices.total > few.count
      ? this.drawn(cut, choices, few)
      : this.every(cut, choices)) {
      if (recovery.finding === null && this.permitted.has(recovery.key)) continue;
      const finding = recovery.finding ?? judge.judge(recovery.files, medium);
      if (finding !== null) return { finding, cut, survive: namesOf(history, cut, sectorSize, choices.survivors) };
      this.permitted.add(recovery.key);
    }
    counts.sectors += medium.asked;
    return null;
  }

  /** One state: log and metadata as survivors say, whatever the sectors of data hold. */
  examineOne(cut: number, survivors: Survivors): Finding | null {
    const { history, counts, sectorSize } = this;
    counts.cuts++;
    counts.states++;
    counts.different++;
    const medium = new VolatileMedium(history, cut, sectorSize, durableAt(history, cut));
    const recovery = this.recoveries.of(history.image(cut, survivors), counts);
    return recovery.finding ?? this.judgeAt(cut).judge(recovery.files, medium);
  }

  /** Everything that recovery can come to, each with the states that it cannot tell from each other. */
  private *every(cut: number, choices: Choices): Generator<Recovery> {
    const { counts } = this;
    const met: number[] = [];
    let left = MOST_STATES;
    do {
      const recovery = this.recoveries.find(this.history, cut, choices, met, counts);
      counts.states += choices.alike(met);
      counts.different++;
      yield recovery;
      if (!choices.advance(met)) {
        counts.torn += choices.torn;
        return;
      }
    } while (--left > 0);
    counts.sampled++;
    for (const _ of choices.sampled(MOST_STATES)) yield this.recoverOne(cut, choices, met);
  }

  private *drawn(cut: number, choices: Choices, { below, count }: Few): Generator<Recovery> {
    const met: number[] = [];
    for (const _ of choices.drawn(below, count)) yield this.recoverOne(cut, choices, met);
  }

  private recoverOne(cut: number, choices: Choices, met: number[]): Recovery {
    this.counts.states++;
    this.counts.different++;
    if (choices.tears) this.counts.torn++;
    return this.recoveries.find(this.history, cut, choices, met, this.counts);
  }

  private judgeAt(cut: number): CrashJudge {
    const window = windowAt(this.timeline, cut);
    const data: string[] = [];
    for (const write of this.history.volatileAt(cut))
      if (write.cargo === 'data') data.push(`${write.event}.${digest(write.bytes)}`);
    const dataKey = data.join();
    const follows = cut === this.lastCut + 1;
    this.lastCut = cut;
    if (this.judge === null || this.judge.window.key !== window.key) this.judge = new CrashJudge(window);
    // From one cut to the next sectors get other contents only with the list of volatile writes; a read may make them fewer.
    else if (follows && dataKey === this.dataKey) return this.judge;
    this.dataKey = dataKey;
    this.permitted.clear();
    return this.judge;
  }
}

/** FNV. */
function digest(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

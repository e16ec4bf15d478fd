/**
 * Judges the crashes of one run: at each cut of the device history every state of log and metadata is mounted, and what was
 * recovered is held against the model (INV-60 … INV-65), against itself (INV-63), and against recovering twice. Sectors
 * of data are judged candidate by candidate, so none is left out and none multiplies the states. The same log and metadata
 * give the same recovery, so an image that was mounted before is not mounted again.
 *
 * Does not look at what operations do afterwards: that is the campaign's, which goes on in a recovered state.
 */
import {
  type DeviceHistory,
  type Finding,
  type Survivors,
  silence,
  type TargetConfig,
  type TargetFactory,
  uneventful,
} from '../../model/contract/index.js';
import { CrashJudge, type RecoveredFile, type Timeline, windowAt } from '../../model/files/index.js';
import type { Survivor } from '../../traces/format/index.js';
import { type Choice, Choices, TouchedSectors } from './choices.js';
import { inconsistency } from './consistency.js';
import { recoveredFiles, stateKey } from './recovered.js';
import { namesOf } from './survivors.js';
import { VolatileMedium } from './volatile-medium.js';

/** States of log and metadata at one cut that are looked at, at most. */
export const MOST_STATES = 4096;

/** The same for crashes of recovery, where states are sampled. */
const FEW_STATES = 4;

const NOTHING: Survivors = { survives: () => false };

/** What recovering an image gave. */
interface Recovery {
  readonly files: readonly RecoveredFile[];
  readonly key: string;
  /** What is wrong with it whatever the model says. */
  readonly finding: Finding | null;
}

export interface CrashCounts {
  cuts: number;
  /** (cut, image of log and metadata) that were recovered and judged. */
  states: number;
  /** Images mounted; fewer, because cuts have many in common. */
  mounts: number;
  /** Contents of sectors of data that were judged. */
  sectors: number;
  /** Cuts at which not every state was looked at. */
  sampled: number;
  /** States in which a write of log or metadata survived in part. */
  torn: number;
  /** Crashes in the middle of a recovery, which was then run again. */
  interrupted: number;
  /** Cuts in the middle of a call: the device had heard of it, and was to hear more. */
  within: number;
}

export const noCounts = (): CrashCounts => ({
  cuts: 0,
  states: 0,
  mounts: 0,
  sectors: 0,
  sampled: 0,
  torn: 0,
  interrupted: 0,
  within: 0,
});

/** A forbidden state: what log and metadata must hold for it. Some contents of the sectors of data do the rest. */
export interface CrashFinding {
  readonly finding: Finding;
  readonly cut: number;
  readonly survive: readonly Survivor[];
}

export class CrashExaminer {
  readonly counts: CrashCounts = noCounts();
  private readonly factory: TargetFactory;
  private readonly config: TargetConfig;
  private readonly history: DeviceHistory;
  private readonly timeline: Timeline;
  private readonly recoveries = new Map<string, Recovery>();
  private judge: CrashJudge | null = null;
  /** What was permitted with the judge's window and the sectors of data as they are. */
  private readonly permitted = new Set<string>();
  private dataKey = '';
  private lastCut = -1;
  /** All states are looked at, crashes of recovery too. */
  private every = false;
  private readonly touched = new TouchedSectors();
  private readonly outcomes = new Set<string>();

  constructor(factory: TargetFactory, config: TargetConfig, history: DeviceHistory, timeline: Timeline) {
    this.factory = factory;
    this.config = { ...config, chooser: uneventful, sink: silence, recordDevice: false, journal: 'device' };
    this.history = history;
    this.timeline = timeline;
  }

  /** The first forbidden state of a crash at `cut`, or null: of all of them, or of a few by chance. */
  examine(
    cut: number,
    few: { readonly below: (n: number) => number; readonly count: number } | null = null,
  ): CrashFinding | null {
    const { history, counts } = this;
    const { sectorSize } = this.config.geometry;
    counts.cuts++;
    const judge = this.judgeAt(cut);
    const durable = durableAt(history, cut);
    const choices = new Choices(history, cut, sectorSize, durable, this.touched);
    this.every = few === null;
    if (few === null && choices.total > MOST_STATES) counts.sampled++;
    const all = few === null || choices.total <= few.count;
    const medium = new VolatileMedium(history, cut, sectorSize, durable);
    for (const choice of all ? choices.states(MOST_STATES) : choices.drawn(few.below, few.count)) {
      counts.states++;
      if (choices.tears(choice)) counts.torn++;
      const recovery = this.recover(cut, choices, choice);
      if (recovery.finding === null && this.permitted.has(recovery.key)) continue;
      const finding = recovery.finding ?? judge.judge(recovery.files, medium);
      if (finding !== null)
        return { finding, cut, survive: namesOf(history, cut, sectorSize, choices.survivors(choice)) };
      this.permitted.add(recovery.key);
    }
    counts.sectors += medium.asked;
    return null;
  }

  /** One state: log and metadata as survivors say, whatever the sectors of data hold. */
  examineOne(cut: number, survivors: Survivors): Finding | null {
    const { history, counts } = this;
    const { sectorSize } = this.config.geometry;
    counts.cuts++;
    counts.states++;
    const medium = new VolatileMedium(history, cut, sectorSize, durableAt(history, cut));
    const recovery = this.mount(history.image(cut, survivors));
    return recovery.finding ?? this.judgeAt(cut).judge(recovery.files, medium);
  }

  private judgeAt(cut: number): CrashJudge {
    const window = windowAt(this.timeline, cut);
    const data: string[] = [];
    for (const write of this.history.volatileAt(cut))
      if (write.cargo === 'data') data.push(`${write.event}.${digest(write.bytes)}`);
    const dataKey = data.join();
    const follows = cut === this.lastCut + 1;
    this.lastCut = cut;
    // Digests know the sectors that were volatile at some cut looked at; others may have changed in between.
    if (!follows) this.recoveries.clear();
    if (this.judge === null || this.judge.window.key !== window.key) this.judge = new CrashJudge(window);
    // From one cut to the next the contents of sectors change only with the list of volatile writes.
    else if (follows && dataKey === this.dataKey) return this.judge;
    this.dataKey = dataKey;
    this.permitted.clear();
    return this.judge;
  }

  private recover(cut: number, choices: Choices, choice: Choice): Recovery {
    const key = choices.key(choice);
    const known = this.recoveries.get(key);
    if (known !== undefined) return known;
    const survivors = choices.survivors(choice);
    const made = this.mount(this.history.lendImage?.(cut, survivors) ?? this.history.image(cut, survivors));
    this.recoveries.set(key, made);
    return made;
  }

  private mount(image: Uint8Array): Recovery {
    this.counts.mounts++;
    const { geometry } = this.config;
    const target = this.factory.mount?.(this.config, image) ?? null;
    if (target?.view === undefined || target.device === undefined)
      return { files: [], key: '', finding: broken('there is nothing to recover from what the crash left') };
    const files = recoveredFiles(target.view, geometry);
    const key = stateKey(files);
    let finding = inconsistency(target.view, geometry) ?? this.again(target.device.contents, key);
    // Recoveries to the same state write nearly the same: one of them is interrupted everywhere. A sample has one for all.
    if (finding === null && (this.every ? !this.outcomes.has(key) : this.outcomes.size === 0)) {
      this.outcomes.add(key);
      finding = this.interrupt(image, key);
    }
    return { files, key, finding };
  }

  /** Recovery itself crashes, at every position of what it writes: the next one must come to the same state. */
  private interrupt(image: Uint8Array, key: string): Finding | null {
    const { geometry } = this.config;
    const recording = { ...this.config, recordDevice: true };
    const history = this.factory.mount?.(recording, image)?.device?.history ?? null;
    if (history === null) return null;
    const touched = new TouchedSectors();
    const done = new Set<string>();
    for (let cut = 1; cut < history.length; cut++) {
      const choices = new Choices(history, cut, geometry.sectorSize, durableAt(history, cut), touched);
      for (const choice of choices.states(this.every ? MOST_STATES : FEW_STATES)) {
        const name = choices.key(choice);
        if (done.has(name)) continue;
        done.add(name);
        this.counts.interrupted++;
        const finding = this.again(history.image(cut, choices.survivors(choice)), key);
        if (finding !== null) return finding;
      }
    }
    return null;
  }

  /** Recovery that was interrupted at its very end, or run once more, gives the same (INV-63). */
  private again(image: Uint8Array, key: string): Finding | null {
    const target = this.factory.mount?.(this.config, image) ?? null;
    if (target?.view === undefined) return broken('what recovery left cannot be mounted');
    const other = stateKey(recoveredFiles(target.view, this.config.geometry));
    return other === key ? null : broken(`recovering twice gives another state: ${other} after ${key}`);
  }
}

function durableAt(history: DeviceHistory, cut: number): Uint8Array {
  return history.lendDurable?.(cut) ?? history.image(cut, NOTHING);
}

function broken(message: string): Finding {
  return { id: 'INV-63', message, file: 0, offset: -1, length: -1, call: -1 };
}

/** FNV. */
function digest(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

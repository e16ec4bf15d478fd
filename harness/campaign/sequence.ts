/**
 * One sequence of a campaign, as a pure function of (campaign, seed, lane, number): geometry, options, program, temper of
 * the adversary. Nothing here runs anything.
 */
import {
  type Bytes,
  type Call,
  CallFlag,
  DEFAULT_OPTIONS,
  type FileSystemOptions,
  type Geometry,
  isBackground,
  LARGEST_FILE,
  makeCall,
  type OperationName,
  operationShape,
  roundDown,
} from '../../model/contract/index.js';
import {
  type Callers,
  DEFAULT_MIX,
  decodeProgram,
  drawSelector,
  type Mix,
  ONE_TASK,
  Random,
} from '../../properties/generate/index.js';
import type { Injection } from '../adversaries/categories.js';
import type { Temper } from '../adversaries/random.js';
import type { Part } from './parts.js';

/** Sequences in a lane. A lane is a pure function of (version, campaign, seed, lane number). */
export const LANE_LENGTH = 2048;

/** What a campaign is, apart from how long it runs. Everything a worker needs; plain data. */
export interface CampaignShape {
  readonly seed: string;
  readonly fs: string;
  readonly inject: readonly Injection[];
  readonly parts: readonly Part[];
  /** What programs are made of; absent: `DEFAULT_MIX`. */
  readonly mix?: Mix;
  /** Operations left out of the mix; a benchmark asks for that. */
  readonly without: readonly string[];
  /** Ids of violations that are known: counted and reported, not failures. */
  readonly known: readonly string[];
  /** How tasks are scheduled; null: now one way, now another. */
  readonly strategy: StrategyName | null;
  /** Operations between two losses of power, about; absent: few sequences lose power at all. */
  readonly crashEvery?: number;
}

/** The two that a campaign mixes, and all there are. */
const MIXED = ['random', 'pct'] as const;
export const STRATEGIES = [...MIXED, 'dfs'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** How the tasks of a sequence are scheduled: the strategy, its own stream, and its parameter (steps a choice; depth). */
export interface Schedule {
  readonly strategy: StrategyName;
  readonly random: Random;
  readonly parameter: number;
}

/**
 * What is injected. Nothing where all schedules of a program are tried: what disturbs it is part of the program there, so
 * that schedules differ in the order of steps alone.
 */
function injectedIn({ inject, strategy }: CampaignShape): readonly Injection[] {
  return strategy === 'dfs' ? [] : inject;
}

export interface Sequence {
  /** Its place in the lane. */
  readonly number: number;
  readonly part: Part;
  readonly geometry: Geometry;
  readonly options: FileSystemOptions;
  readonly files: number;
  readonly calls: readonly Call[];
  /** The last calls find the file system shut down, and nothing comes after them. */
  readonly endsDown: boolean;
  /** Calls that count as operations: those an application makes. */
  readonly operations: number;
  readonly temper: Temper;
  /** The adversary's own stream. */
  readonly adversary: Random;
  /** Null when the calls come one after the other. */
  readonly schedule: Schedule | null;
  /** Null when power is never lost. */
  readonly crashes: CrashPlan | null;
}

/** Where a sequence loses power: after the calls with these indices ran, at positions that its own stream picks. */
export interface CrashPlan {
  /** Ascending. */
  readonly after: readonly number[];
  /** Positions of the history that are judged each time, and states of each. */
  readonly cuts: number;
  readonly states: number;
  /** The device has no volatile cache (CR-02 c): only what is in flight can be lost. */
  readonly writeThrough: boolean;
  readonly random: Random;
}

function mixOf(shape: CampaignShape): Mix {
  return Object.fromEntries(
    Object.entries(shape.mix ?? DEFAULT_MIX).map(([name, weight]) => [name, shape.without.includes(name) ? 0 : weight]),
  ) as Mix;
}

/** The file system is shut down in some sequences: short ones of one task, that do not lose power as well. */
export function shutsDown({ inject, parts, crashEvery }: CampaignShape): boolean {
  return inject.includes('error') && crashEvery === undefined && parts.some(part => part.tasks === 1 && isSmall(part));
}

const mixes = new WeakMap<CampaignShape, Mix>();

/** The sequence with this number (0 … LANE_LENGTH−1) of this lane. */
export function makeSequence(shape: CampaignShape, lane: number, number: number): Sequence {
  const name = `${shape.seed}/${lane}/${number}`;
  const random = new Random(`${name}/program`);
  let mix = mixes.get(shape);
  if (mix === undefined) mixes.set(shape, (mix = mixOf(shape)));
  const part = choosePart(shape.parts, random);
  const files = 1 + random.below(3);
  const tight = random.oneIn(8);
  const allowed = new Set(injectedIn(shape));
  const losing = allowed.has('crash') ? new Random(`${name}/crash`) : null;
  const crashing = losing !== null && (shape.crashEvery !== undefined || losing.oneIn(CRASHING_EVERY));
  const far = random.below(24);
  // Images of the device are made in numbers when power is lost.
  const spans = tight ? 1 : crashing && !isSmall(part) ? files : 0;
  const geometry: Geometry =
    spans > 0
      ? { ...part.geometry, deviceBlocks: Math.ceil((spans * part.span * 1.5) / part.geometry.blockSize) + 8 }
      : part.geometry;
  const base = far === 0 ? 2 ** 32 - part.span / 2 : far === 1 ? LARGEST_FILE - part.span : 0;
  const schedule = part.tasks > 1 ? drawSchedule(shape, new Random(`${name}/schedule`)) : null;
  const meeting = new Random(`${name}/duels`);
  const meets = allowed.has('race') && !meeting.oneIn(4);
  const alone = meets ? metByOthers(meeting) : ONE_TASK;
  const callers = schedule === null ? alone : amongTasks(part.tasks, schedule.random);
  const program = decodeProgram(
    {
      geometry,
      selector: drawSelector(mix, random),
      files,
      base,
      span: part.span,
      longest: random.oneIn(4) ? part.longest * 2 : part.longest,
      alignEvery: 1 + random.below(4),
    },
    integers(random, 2 * programLength(shape, random)),
    callers,
  );
  const crashes = crashing ? drawCrashes(shape, part, program.length, losing) : null;
  const mayEndDown = allowed.has('error') && schedule === null && crashes === null && isSmall(part);
  const last = mayEndDown ? new Random(`${name}/last`) : null;
  const endsDown = last?.oneIn(SHUTDOWN_EVERY) === true;
  const calls = endsDown ? [...program, ...lastCalls(program.length, base, part, last)] : program;
  const adversary = new Random(`${name}/adversary`);
  const failing = part.tasks === 1 && random.oneIn(4);
  return {
    number,
    part,
    geometry,
    options: {
      ...DEFAULT_OPTIONS,
      cowExtentBlocks: random.pick([32, 1, 4]),
      preallocateFrom: random.oneIn(4) ? -1 : Math.min(65_536, part.span / 4),
      extentSizeHint: random.oneIn(8) ? 4 : 0,
      reflink: !random.oneIn(12),
    },
    files,
    calls,
    endsDown,
    operations: countOperations(calls),
    temper: {
      allowed,
      observeEvery: allowed.size === 0 || random.oneIn(4) ? 0 : random.pick(failing ? [2, 4, 8] : [4, 8, 16]),
      actEvery: random.pick([2, 4, 8]),
      failing,
      duels: meets,
      files,
      base,
      span: part.span,
      geometry,
      shutdownIn: endsDown ? program.length + 1 : 0,
      stranger: part.tasks > 1 ? STRANGER : 2,
    },
    adversary,
    schedule,
    crashes,
  };
}

/** One sequence in this many ends with a shutdown in the middle of a call, and these calls. */
const SHUTDOWN_EVERY = 12;
const LAST: readonly OperationName[] = [
  'write',
  'dwrite',
  'zero',
  'truncate',
  'mapwrite',
  'unshare',
  'copy',
  'fsync',
  'seekData',
  'fiemap',
];

function lastCalls(before: number, base: Bytes, { span, geometry }: Part, random: Random): Call[] {
  const unit = Math.max(geometry.blockSize, geometry.pageSize);
  return Array.from({ length: 3 }, (_, index) => {
    const offset = base + roundDown(random.below(Math.min(span, 2 ** 31) / 2), unit);
    const name = random.pick(index === 0 ? LAST.slice(0, 3) : LAST);
    const size = name === 'truncate' ? offset + 1 : 0;
    const data = operationShape(name).fields.includes('data') ? 201 + index : 0;
    return makeCall(before + 1 + index, name, 0, { offset, length: unit * 4, fromOffset: base, size, data });
  });
}

/** Its device is small: its history, or a journal on it, costs little. */
function isSmall({ geometry }: Part): boolean {
  return geometry.blockSize * geometry.deviceBlocks <= 2 ** 17;
}

/** One sequence in this many loses power, twice, unless it is asked for more. */
const CRASHING_EVERY = 24;
/** Positions judged when power is lost; fewer where an image of the device is large. */
const CUTS = 12;
const CUTS_OF_LARGE = 4;
const STATES = 4;
/** One in this many of those sequences has a device without a volatile cache. */
const WRITE_THROUGH_EVERY = 8;

function drawCrashes(shape: CampaignShape, part: Part, calls: number, random: Random): CrashPlan | null {
  const after = new Set<number>();
  const { crashEvery } = shape;
  if (crashEvery !== undefined)
    for (let at = random.below(2 * crashEvery); at < calls; at += 1 + random.below(2 * crashEvery)) after.add(at);
  else after.add(random.below(calls)).add(random.below(calls));
  if (after.size === 0) return null;
  const cuts = isSmall(part) ? CUTS : CUTS_OF_LARGE;
  const writeThrough = random.oneIn(WRITE_THROUGH_EVERY);
  return { after: [...after].sort((a, b) => a - b), cuts, states: STATES, writeThrough, random };
}

/** Preemptions in an exhaustive search, and calls of a program that is searched exhaustively. */
const PREEMPTIONS = 2;
const FEW_CALLS = 6;

/** The task of accesses from elsewhere, behind those of any program. */
const STRANGER = 7;

function drawSchedule(shape: CampaignShape, random: Random): Schedule {
  const strategy = shape.strategy ?? random.pick(MIXED);
  if (strategy === 'dfs') return { strategy, random, parameter: PREEMPTIONS };
  return { strategy, random, parameter: strategy === 'pct' ? 1 + random.below(4) : random.pick([1, 2, 4, 8]) };
}

/** Long enough that setting up a sequence and closing it weigh little, short enough to be shrunk in a moment. */
function programLength({ strategy }: CampaignShape, random: Random): number {
  return strategy === 'dfs' ? FEW_CALLS : 150 + random.below(51);
}

/**
 * Each call is that of one of the tasks, what nobody called for that of a task of its own behind them. I/O completes when
 * the scheduler says so.
 */
function amongTasks(tasks: number, random: Random): Callers {
  return {
    leavesOut: name => name === 'complete',
    task: background => (background ? tasks + 1 : 1 + random.below(tasks)),
    flags: (name, flags) => flagsAmongTasks(name, flags, random),
  };
}

/** Half of the direct requests are asynchronous: they drop L1 while they are in flight. */
function metByOthers(random: Random): Callers {
  return {
    ...ONE_TASK,
    flags: (name, flags) => (isDirect(name) && random.oneIn(2) ? flags | CallFlag.ASYNC : flags),
  };
}

function isDirect(name: OperationName): boolean {
  return name === 'dwrite' || name === 'dread';
}

/**
 * A mapped store that grows the file would be alone; most are not to be. Half of the direct requests are asynchronous, so
 * that they drop L1 while they are in flight and their completion meets the calls of others.
 */
function flagsAmongTasks(name: OperationName, flags: number, random: Random): number {
  if (isDirect(name)) return random.oneIn(2) ? flags : flags | CallFlag.ASYNC;
  return random.oneIn(4) ? flags : flags & ~CallFlag.GROW;
}

/** How many operations the sequences [0, LANE_LENGTH) of a lane have, without running them. */
export function laneOperations(shape: CampaignShape, lane: number): number {
  let sum = 0;
  for (let number = 0; number < LANE_LENGTH; number++) sum += makeSequence(shape, lane, number).operations;
  return sum;
}

function choosePart(parts: readonly Part[], random: Random): Part {
  const total = parts.reduce((sum, part) => sum + part.share, 0);
  let draw = random.below(total);
  for (const part of parts) {
    if (draw < part.share) return part;
    draw -= part.share;
  }
  throw new Error('a campaign has at least one part');
}

function integers(random: Random, count: number): Float64Array {
  const list = new Float64Array(count);
  for (let i = 0; i < count; i++) list[i] = random.word();
  return list;
}

export function countOperations(calls: readonly Call[]): number {
  let count = 0;
  for (const call of calls) if (!isBackground(call)) count++;
  return count;
}

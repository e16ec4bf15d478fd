/**
 * Runs a campaign's lanes on worker threads and puts their results together in the order of the lanes, so that neither
 * the number of jobs nor their speed shows in the outcome. Time limits and Ctrl-C stop the workers between sequences; a
 * worker that makes no progress at all is ended by the watchdog, and the sequence it hung in is a finding, as is one in
 * which the worker ended.
 */
import { Worker } from 'node:worker_threads';
import { ASSERT } from '../run/findings.js';
import type { Haste } from './haste.js';
import type { LaneFinding, LaneResult } from './lane-result.js';
import { processorSeconds } from './processor-time.js';
import { type CampaignShape, laneOperations } from './sequence.js';
import { type LaneOrder, SLOTS, Slot, type WorkerReply, type WorkerStart } from './worker.js';

export interface PoolOptions {
  readonly shape: CampaignShape;
  readonly target: string;
  readonly jobs: number;
  /** Stop after so many operations; Infinity when time decides. */
  readonly operations: number;
  /** Run the lanes with lane ≡ shard.index (mod shard.count). */
  readonly shard: { readonly index: number; readonly count: number };
  readonly maxFindings: number;
  /** Seconds of processor time without a finished sequence after which a worker counts as hung; others may be busy here too. */
  readonly hangAfter: number;
  /** Asked now and then: how soon the campaign is to end. */
  readonly haste: () => Haste;
  /** Told now and then how many operations are done. */
  readonly progress: (operations: number) => void;
}

export interface PoolResult {
  readonly lanes: readonly LaneResult[];
  readonly findings: readonly LaneFinding[];
  /** Operations of a campaign that comes as far as the last of the findings. */
  readonly reach: number;
  /** What this machine lacked, as a sentence; null if nothing. */
  readonly lacking: string | null;
}

interface Busy {
  readonly worker: Worker;
  readonly slots: Int32Array;
  order: LaneOrder | null;
  beats: number;
  /** Seconds of processor time since the last beat. */
  quiet: number;
}

const TICK_MS = 100;

export async function runPool(options: PoolOptions): Promise<PoolResult> {
  const finished = new Map<number, LaneResult>();
  const workers: Busy[] = [];
  const ended: LaneFinding[] = [];
  let lacking: string | null = null;
  let nextLane = options.shard.index;
  let planned = 0;
  let stopped = false;

  const orders: number[] = [];
  const nextOrder = (): LaneOrder | null => {
    if (stopped || planned >= options.operations) return null;
    const lane = nextLane;
    nextLane += options.shard.count;
    const limit = options.operations - planned;
    planned += options.operations === Infinity ? 0 : laneOperations(options.shape, lane);
    orders.push(lane);
    return { lane, limit };
  };

  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    const give = (busy: Busy): void => {
      busy.order = enough() ? null : nextOrder();
      if (busy.order !== null) busy.worker.postMessage(busy.order);
      else if (workers.every(other => other.order === null)) resolve();
    };
    /** True when the lanes so far, in order, already have all the findings that are wanted. */
    const enough = (): boolean => {
      let found = 0;
      for (const lane of orders) {
        const result = finished.get(lane);
        if (result === undefined) return false;
        found += result.findings.length;
        if (found >= options.maxFindings) return true;
      }
      return false;
    };
    /** Between two sequences, in the lanes after this one. */
    const stop = (after = -1): void => {
      stopped = true;
      for (const { slots, order } of workers) if ((order?.lane ?? 0) > after) Atomics.store(slots, Slot.stop, 1);
    };
    /** A worker is no more. The campaign ends with its lane: those before it go on, so that the outcome is the same every time. */
    const lose = (busy: Busy): void => {
      stop(busy.order?.lane);
      busy.order = null;
      if (workers.every(other => other.order === null)) resolve();
    };
    const start = (): Busy => {
      const shared = new SharedArrayBuffer(SLOTS * 4);
      const data: WorkerStart = {
        shape: options.shape,
        target: options.target,
        shared,
        maxFindings: options.maxFindings,
      };
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: data });
      const busy: Busy = { worker, slots: new Int32Array(shared), order: null, beats: 0, quiet: 0 };
      worker.on('message', (reply: WorkerReply) => {
        if (reply.kind === 'failed') {
          reject(new Error(reply.message));
          return;
        }
        finished.set(reply.result.lane, reply.result);
        if (enough()) for (const other of workers) Atomics.store(other.slots, Slot.stop, 1);
        give(busy);
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') {
          reject(error);
          return;
        }
        const { lane, sequence } = placeOf(busy);
        lacking = `a worker ran out of memory: seed ${options.shape.seed}, lane ${lane}, sequence ${sequence}`;
        lose(busy);
      });
      // Without an order it is the pool that ended it.
      worker.on('exit', code => {
        if (busy.order === null) return;
        ended.push(exit(busy, code));
        lose(busy);
      });
      return busy;
    };
    for (let i = 0; i < options.jobs; i++) workers.push(start());
    for (const busy of workers) give(busy);

    let spent = processorSeconds();
    timer = setInterval(() => {
      let running = 0;
      const before = spent;
      spent = processorSeconds();
      // A loop that does not end takes as much as any other worker.
      const share = (spent - before) / workers.filter(busy => busy.order !== null).length;
      for (const busy of workers) {
        if (busy.order === null) continue;
        running += busy.slots[Slot.operations]!;
        const beats = busy.slots[Slot.beats]!;
        if (beats !== busy.beats) {
          busy.beats = beats;
          busy.quiet = 0;
          continue;
        }
        busy.quiet += share;
        if (busy.quiet > options.hangAfter) {
          ended.push(hang(busy, options.hangAfter));
          lose(busy);
          void busy.worker.terminate();
        }
      }
      let done = running;
      for (const result of finished.values()) done += result.operations;
      options.progress(done);
      const haste = options.haste();
      if (haste !== 'none') stop();
      if (haste === 'at once') resolve();
    }, TICK_MS);
  }).finally(() => {
    clearInterval(timer);
    for (const busy of workers) {
      busy.order = null;
      void busy.worker.terminate();
    }
  });

  return { ...inOrder(options, orders, finished, ended), lacking };
}

function inOrder(
  options: PoolOptions,
  orders: readonly number[],
  finished: ReadonlyMap<number, LaneResult>,
  ended: readonly LaneFinding[],
): Omit<PoolResult, 'lacking'> {
  const lanes: LaneResult[] = [];
  const findings: LaneFinding[] = [];
  for (const lane of orders) {
    const end = ended.find(found => found.lane === lane);
    if (end !== undefined) {
      findings.push(end);
      break;
    }
    const result = finished.get(lane);
    if (result === undefined) continue;
    lanes.push(result);
    findings.push(...result.findings);
    if (findings.length >= options.maxFindings) break;
  }
  findings.length = Math.min(findings.length, options.maxFindings);
  return { lanes, findings, reach: reachOf(findings, orders, options.shape) };
}

/** Lanes are planned with all their operations, whether or not all of them ran. */
function reachOf(findings: readonly LaneFinding[], orders: readonly number[], shape: CampaignShape): number {
  const last = Math.max(...findings.map(({ lane }) => orders.indexOf(lane)));
  let reach = 0;
  let before = 0;
  for (let place = 0; place <= last; place++) {
    const lane = orders[place]!;
    for (const { operations, ended } of findings.filter(found => found.lane === lane))
      reach = Math.max(reach, before + operations + (ended === undefined ? 0 : 1));
    if (place < last) before += laneOperations(shape, lane);
  }
  return reach;
}

/** Where a worker is; before its first sequence, at the beginning of its lane. */
function placeOf({ order, slots }: Busy): Pick<LaneFinding, 'lane' | 'sequence' | 'operations'> {
  return { lane: order?.lane ?? -1, sequence: slots[Slot.sequence]!, operations: slots[Slot.operations]! };
}

const NOWHERE = { file: 0, offset: -1, length: -1, call: -1 };

function hang(busy: Busy, seconds: number): LaneFinding {
  const message = `a sequence did not end within ${seconds} seconds of processor time: an operation loops without yielding`;
  return { ...placeOf(busy), ended: 'hang', finding: { ...NOWHERE, id: 'INV-73', message } };
}

function exit(busy: Busy, code: number): LaneFinding {
  const message = `the code under test ended its thread with process.exit, status ${code}`;
  return { ...placeOf(busy), ended: 'exit', finding: { ...NOWHERE, id: ASSERT, message } };
}

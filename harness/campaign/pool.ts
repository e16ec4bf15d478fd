/**
 * Runs a campaign's lanes on worker threads and puts their results together in the order of the lanes, so that neither
 * the number of jobs nor their speed shows in the outcome. Time limits and Ctrl-C stop the workers between sequences; a
 * worker that makes no progress at all is ended by the watchdog, and the sequence it hung in is a finding.
 */
import { Worker } from 'node:worker_threads';
import type { LaneFinding, LaneResult } from './lane.js';
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
  /** Asked now and then: true ends the campaign early. */
  readonly over: () => boolean;
  /** Told now and then how many operations are done. */
  readonly progress: (operations: number) => void;
}

export interface PoolResult {
  readonly lanes: readonly LaneResult[];
  readonly findings: readonly LaneFinding[];
  readonly stopped: boolean;
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
  const hung: LaneFinding[] = [];
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
      worker.on('error', reject);
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
          hung.push(hang(busy, options.hangAfter));
          busy.order = null;
          void busy.worker.terminate();
          stopped = true;
          for (const other of workers) Atomics.store(other.slots, Slot.stop, 1);
          if (workers.every(other => other.order === null)) resolve();
        }
      }
      let done = running;
      for (const result of finished.values()) done += result.operations;
      options.progress(done);
      if (!stopped && options.over()) {
        stopped = true;
        for (const busy of workers) Atomics.store(busy.slots, Slot.stop, 1);
      }
    }, TICK_MS);
  }).finally(() => {
    clearInterval(timer);
    for (const busy of workers) void busy.worker.terminate();
  });

  return inOrder(options, orders, finished, hung, stopped);
}

function inOrder(
  options: PoolOptions,
  orders: readonly number[],
  finished: ReadonlyMap<number, LaneResult>,
  hung: readonly LaneFinding[],
  stopped: boolean,
): PoolResult {
  const lanes: LaneResult[] = [];
  const findings: LaneFinding[] = [];
  for (const lane of orders) {
    const result = finished.get(lane);
    if (result === undefined) continue;
    lanes.push(result);
    findings.push(...result.findings);
    if (findings.length >= options.maxFindings) break;
  }
  findings.push(...hung);
  return { lanes, findings: findings.slice(0, options.maxFindings), stopped };
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function hang(busy: Busy, seconds: number): LaneFinding {
  return {
    lane: busy.slots[Slot.lane]!,
    sequence: busy.slots[Slot.sequence]!,
    operations: busy.slots[Slot.operations]!,
    finding: {
      id: 'INV-73',
      message: `a sequence did not end within ${seconds} seconds of processor time: an operation loops without yielding`,
      file: 0,
      offset: -1,
      length: -1,
      call: -1,
    },
  };
}

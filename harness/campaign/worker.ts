/**
 * The worker thread of a campaign: runs the lanes it is given. The hot loop lives here even with one job, because a signal
 * handler, a progress line and a watchdog need a thread that is not busy. It tells where it is through shared memory and
 * stops between sequences when asked to.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { targetFactory } from '../targets/index.js';
import { LaneRunner } from './lane.js';
import type { LaneResult } from './lane-result.js';
import type { CampaignShape } from './sequence.js';

/** Slots of the shared memory of one worker. */
export const Slot = { stop: 0, sequence: 1, operations: 2, beats: 3 } as const;
export const SLOTS = 4;

export interface WorkerStart {
  readonly shape: CampaignShape;
  readonly target: string;
  readonly shared: SharedArrayBuffer;
  readonly maxFindings: number;
}
/** What the main thread asks: run this lane, for at most so many operations. */
export interface LaneOrder {
  readonly lane: number;
  readonly limit: number;
}
export type WorkerReply =
  | { readonly kind: 'lane'; readonly result: LaneResult }
  | { readonly kind: 'failed'; readonly message: string };

async function serve(port: MessagePort, start: WorkerStart): Promise<void> {
  const slots = new Int32Array(start.shared);
  const runner = new LaneRunner(await targetFactory(start.target, start.shape.fs));
  port.on('message', (order: LaneOrder) => {
    slots[Slot.sequence] = 0;
    slots[Slot.operations] = 0;
    const control = {
      shouldStop(sequence: number, operations: number): boolean {
        slots[Slot.sequence] = sequence;
        slots[Slot.operations] = operations;
        slots[Slot.beats] = (slots[Slot.beats]! + 1) | 0;
        return Atomics.load(slots, Slot.stop) !== 0;
      },
    };
    try {
      const result = runner.run(start.shape, order.lane, order.limit, start.maxFindings, control);
      port.postMessage({ kind: 'lane', result } satisfies WorkerReply);
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      port.postMessage({ kind: 'failed', message } satisfies WorkerReply);
    }
  });
}

if (parentPort !== null) await serve(parentPort, workerData as WorkerStart);

/**
 * Asks the worker that explains findings, and does without it when it fails, ends or there is no time to wait for it. The
 * campaign has its findings by then: nothing that goes wrong here may cost it its report.
 */
import { Worker } from 'node:worker_threads';
import { type ExplainOrder, type ExplainReply, type ExplainStart, failedBy } from './explain-messages.js';
import { processorSeconds } from './processor-time.js';

/** Milliseconds between two looks at whether there still is time, and if the worker is alive. */
const TICK_MS = 100;

export class Explainer {
  private readonly start: ExplainStart;
  private readonly hangAfter: number;
  private readonly beats = new Int32Array(new SharedArrayBuffer(4));
  private worker: Worker | null = null;

  /** `hangAfter`: seconds of processor time that no run takes, unless it does not come back. */
  constructor({ shape, target, hangAfter }: Omit<ExplainStart, 'beats'> & { readonly hangAfter: number }) {
    this.start = { shape, target, beats: this.beats.buffer };
    this.hangAfter = hangAfter;
  }

  /** Null when there is no time for an answer. Whatever else is no answer, the next order gets a new worker. */
  async ask(order: ExplainOrder, hurried: () => boolean): Promise<ExplainReply | null> {
    const reply = await this.answer(order, hurried).catch(failedBy);
    if (reply === null || reply.kind === 'failed') this.end();
    return reply;
  }

  private async answer(order: ExplainOrder, hurried: () => boolean): Promise<ExplainReply | null> {
    this.worker ??= this.begin();
    return replyOf(this.worker, order, hurried, this.hanging());
  }

  /** Asked now and then: if the worker has been in one run for too long. */
  private hanging(): () => boolean {
    let last = -1;
    let since = 0;
    return () => {
      const now = Atomics.load(this.beats, 0);
      if (now !== last) since = processorSeconds();
      last = now;
      return processorSeconds() - since > this.hangAfter;
    };
  }

  private begin(): Worker {
    const worker = new Worker(new URL('./explain-worker.js', import.meta.url), { workerData: this.start });
    // Between two orders nobody else listens: an error without a listener would end the campaign.
    worker.on('error', () => {});
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = null;
    });
    return worker;
  }

  end(): void {
    void this.worker?.terminate();
    this.worker = null;
  }
}

async function replyOf(
  worker: Worker,
  order: ExplainOrder,
  hurried: () => boolean,
  hanging: () => boolean,
): Promise<ExplainReply | null> {
  let stopListening = (): void => {};
  try {
    return await new Promise(resolve => {
      const timer = setInterval(() => {
        if (hurried()) resolve(null);
        else if (hanging()) resolve(ended('a run does not come back'));
      }, TICK_MS);
      const listeners = {
        message: resolve,
        exit: (status: number) => resolve(ended(`its thread ended with status ${status}`)),
        error: (error: NodeJS.ErrnoException) =>
          resolve(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? ended('its thread ran out of memory') : failedBy(error)),
      };
      for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
      stopListening = () => {
        clearInterval(timer);
        for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
      };
      worker.postMessage(order);
    });
  } finally {
    stopListening();
  }
}

function ended(why: string): ExplainReply {
  return { kind: 'failed', why, stack: null };
}

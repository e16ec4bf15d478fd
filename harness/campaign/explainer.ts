/** Asks the worker that explains findings, and does without it when it ends or there is no time to wait for it. */
import { Worker } from 'node:worker_threads';
import type { ExplainOrder, ExplainReply, ExplainStart } from './explain-worker.js';

/** Milliseconds between two looks at whether there still is time. */
const TICK_MS = 100;

export class Explainer {
  private readonly start: ExplainStart;
  private worker: Worker | null = null;

  constructor(start: ExplainStart) {
    this.start = start;
  }

  /** Null when the worker ended instead of answering, or there is no time for an answer; the next order gets a new one. */
  async ask(order: ExplainOrder, hurried: () => boolean): Promise<Exclude<ExplainReply, { kind: 'failed' }> | null> {
    this.worker ??= new Worker(new URL('./explain-worker.js', import.meta.url), { workerData: this.start });
    const reply = await replyOf(this.worker, order, hurried);
    if (reply === null) this.end();
    if (reply?.kind === 'failed') throw new Error(reply.message);
    return reply;
  }

  end(): void {
    void this.worker?.terminate();
    this.worker = null;
  }
}

async function replyOf(worker: Worker, order: ExplainOrder, hurried: () => boolean): Promise<ExplainReply | null> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setInterval(() => hurried() && resolve(null), TICK_MS);
      worker.once('message', resolve);
      worker.once('exit', () => resolve(null));
      worker.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(null) : reject(error),
      );
      worker.postMessage(order);
    });
  } finally {
    clearInterval(timer);
    for (const event of ['message', 'exit', 'error']) worker.removeAllListeners(event);
  }
}

/**
 * Processor time, in seconds. Wall time means nothing on a machine that is shared. The thread that runs a campaign takes
 * about what the campaign takes on a quiet machine, where compiling and collecting have a core of their own; all threads
 * together are what it costs.
 */
import { readFileSync } from 'node:fs';

export interface Seconds {
  readonly thread: number;
  readonly all: number;
}

/** So far, of this process; its main thread is taken for the one that calls. */
export function seconds(): Seconds {
  const { user, system } = process.cpuUsage();
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return { thread: Number(nanoseconds) / 1e9, all: (user + system) / 1e6 };
}

/** What `work` took. */
export function taken(work: () => void): Seconds {
  const before = seconds();
  work();
  const { thread, all } = seconds();
  return { thread: thread - before.thread, all: all - before.all };
}

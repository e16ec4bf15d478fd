/** How far a long command is: a bar on stderr, where a person looks at it. */
import bar from 'cli-progress';
import { thousands } from '../campaign/numbers.js';
import type { Console } from './command.js';

export interface Progress {
  /** So many things are done. Told often. */
  update(done: number): void;
  stop(): void;
}

/** `total` is Infinity when only time ends the command; `what` are the things counted. Shows nothing but on a terminal. */
export function progressBar(console: Console, total: number, what: string): Progress {
  if (!console.interactive) return { update: () => {}, stop: () => {} };
  const drawn = new bar.SingleBar({
    stream: console.err as NodeJS.WriteStream,
    format:
      total === Infinity
        ? `{value} ${what}  {duration_formatted}`
        : `{bar} {percentage}%  {value} ${what}  {eta_formatted} left`,
    formatValue: (value, _options, type) => (type === 'value' ? thousands(value) : String(value)),
    // The bar says INF or NULL for a time it cannot tell yet.
    formatTime: (time, options, step) =>
      Number.isFinite(Number(time)) ? bar.Format.TimeFormat(time, options, step) : '?',
    hideCursor: true,
    clearOnComplete: true,
  });
  drawn.start(total === Infinity ? Number.MAX_SAFE_INTEGER : total, 0);
  return { update: done => drawn.update(Math.min(done, total)), stop: () => drawn.stop() };
}

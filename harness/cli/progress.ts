/** How far a long command is, on stderr: a bar where a person looks at it, else a line now and then that shows life. */
import { SingleBar } from 'cli-progress';
import { count, thousands } from '../campaign/numbers.js';
import type { Console } from './command.js';

/** Seconds between two lines. */
const LINE_EVERY = 30;

export interface Progress {
  /** So many things are done. Told often. */
  update(done: number): void;
  stop(): void;
}

/** `total` is Infinity when only time ends the command; `what` are the things counted. */
export function progressBar(console: Console, total: number, what: string): Progress {
  return console.interactive ? bar(console, total, what) : lines(console, total, what);
}

function bar(console: Console, total: number, what: string): Progress {
  const drawn = new SingleBar({
    stream: console.err as NodeJS.WriteStream,
    format:
      total === Infinity
        ? `{value} ${what}  {duration_formatted}`
        : `{bar} {percentage}%  {value} ${what}  {eta_formatted} left`,
    hideCursor: true,
    clearOnComplete: true,
  });
  drawn.start(total === Infinity ? Number.MAX_SAFE_INTEGER : total, 0);
  return { update: done => drawn.update(Math.min(done, total)), stop: () => drawn.stop() };
}

function lines({ err }: Console, total: number, what: string): Progress {
  const started = performance.now();
  let due = LINE_EVERY;
  const of = total === Infinity ? '' : ` of ${thousands(total)}`;
  return {
    update(done) {
      const seconds = (performance.now() - started) / 1000;
      if (seconds < due) return;
      due = seconds + LINE_EVERY;
      err.write(`${thousands(Math.min(done, total))}${of} ${what} after ${count(Math.round(seconds), 'second')}\n`);
    },
    stop() {},
  };
}

/** How far a long command is, on stderr and only where a person looks at it. */
import { SingleBar } from 'cli-progress';
import type { Console } from './command.js';

/** Null where nobody looks. `total` is Infinity when only time ends the command; `what` are the things counted. */
export function progressBar(console: Console, total: number, what: string): SingleBar | null {
  if (!console.interactive) return null;
  const bar = new SingleBar({
    stream: console.err as NodeJS.WriteStream,
    format:
      total === Infinity
        ? `{value} ${what}  {duration_formatted}`
        : `{bar} {percentage}%  {value} ${what}  {eta_formatted} left`,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total === Infinity ? Number.MAX_SAFE_INTEGER : total, 0);
  return bar;
}

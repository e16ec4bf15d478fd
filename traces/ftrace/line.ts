/**
 * The head of a line: task, CPU, time, event name. Understands the `trace` file of tracefs with any set of latency
 * columns and with a thread-group column, `trace-cmd report` (with and without `subsystem:` before the event), and
 * `perf script`.
 *
 *     xfs_io-25360   [000] .....  1292.353044: iomap_iter: dev 7:1 …
 *     xfs_io-25360   (25360) [000] d..1.  1292.353044: iomap_iter: dev 7:1 …
 *     xfs_io-25360 [000]  1292.353044: iomap:iomap_iter:     dev 7:1 …
 */

/** The parts of a head. One is reused for all lines. */
export interface Head {
  comm: string;
  task: number;
  cpu: number;
  time: number;
  name: string;
  /** Where the fields start. */
  rest: number;
}

const SPACE = 32;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;

/** Fills `head` from an event line; false when the line is none. */
export function readHead(text: string, head: Head): boolean {
  // A task's name may hold brackets and spaces, so the CPU column is searched for, not counted to.
  for (let open = text.indexOf(' ['); open >= 0; open = text.indexOf(' [', open + 1)) {
    let i = open + 2;
    while (isDigit(text.charCodeAt(i))) i++;
    if (i === open + 2 || text.charCodeAt(i) !== 93) continue;
    if (readTask(text, open, head) && readEvent(text, i + 1, head)) {
      head.cpu = Number(text.slice(open + 2, i));
      return true;
    }
  }
  return false;
}

/** Task name and id, read backwards from the CPU column. */
function readTask(text: string, end: number, head: Head): boolean {
  let i = end;
  while (i > 0 && text.charCodeAt(i - 1) === SPACE) i--;
  if (text.charCodeAt(i - 1) === 41) {
    i = text.lastIndexOf('(', i);
    while (i > 0 && text.charCodeAt(i - 1) === SPACE) i--;
  }
  const last = i;
  while (i > 0 && isDigit(text.charCodeAt(i - 1))) i--;
  if (i === last || i === 0) return false;
  const before = text.charCodeAt(i - 1);
  if (before !== 45 && before !== SPACE) return false;
  head.task = Number(text.slice(i, last));
  head.comm = text.slice(0, i - 1).trim();
  return true;
}

/** Latency columns if there are any, time, and the name of the event. */
function readEvent(text: string, from: number, head: Head): boolean {
  let i = skipSpaces(text, from);
  let end = text.indexOf(' ', i);
  if (end < 0) return false;
  if (text.charCodeAt(end - 1) !== 58) {
    i = skipSpaces(text, end);
    end = text.indexOf(' ', i);
    if (end < 0 || text.charCodeAt(end - 1) !== 58) return false;
  }
  const time = Number(text.slice(i, end - 1));
  if (Number.isNaN(time)) return false;
  head.time = time;
  i = skipSpaces(text, end);
  const colon = text.indexOf(': ', i);
  if (colon < 0) return false;
  let name = text.slice(i, colon);
  if (name.includes(' ')) return false;
  const subsystem = name.indexOf(':');
  if (subsystem >= 0) name = name.slice(subsystem + 1);
  head.name = name;
  // The space behind the colon stays: it is part of the first label.
  head.rest = colon + 1;
  return name !== '';
}

function skipSpaces(text: string, from: number): number {
  let i = from;
  while (text.charCodeAt(i) === SPACE) i++;
  return i;
}

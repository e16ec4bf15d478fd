/**
 * Calls that overlap, gathered until nobody is in progress any more, and then judged by search: is there a serial order of
 * whole calls that explains what they answered? Only for a target that tells of no locks; where locks are told they fix the
 * order (harness/run/judging.ts). Calls during which a failure was injected are not judged.
 */
import {
  type Answer,
  type Call,
  type FileId,
  type Finding,
  fillData,
  type OperationName,
} from '../../model/contract/index.js';
import type { Oracle } from '../../model/files/index.js';
import { type Event, tell } from './history.js';
import { type History, smallestUnordered } from './search.js';

export class Groups {
  private atomic: ReadonlySet<OperationName> = new Set();
  private readonly open: Event[] = [];
  private readonly ended: Event[] = [];
  /** What was known of each file before the calls of the group. */
  private readonly known = new Map<FileId, Pick<History, 'size' | 'steady'>>();
  private clock = 0;
  private failed = false;

  /** False when the target does not say which of its calls are atomic. */
  get active(): boolean {
    return this.atomic.size > 0;
  }

  begin(atomic: readonly OperationName[]): void {
    this.atomic = new Set(atomic);
    this.open.length = 0;
    this.ended.length = 0;
    this.known.clear();
    this.clock = 0;
    this.failed = false;
  }

  /** A call begins; the oracle knows its file, if nobody is in progress on it: other files only take from it. */
  started(call: Call, oracle: Oracle): void {
    const { file } = call;
    if (this.open.length === 0 && this.ended.length === 0) this.known.clear();
    if (!this.known.has(file)) this.known.set(file, { size: oracle.certainSize(file), steady: oracle.steady(file) });
    const start = ++this.clock;
    const atomic = this.atomic.has(call.name);
    this.open.push({ call, start, end: 0, error: 0, count: 0, bytes: NOTHING, size: 0, atomic });
  }

  answered(call: Call, answer: Answer): void {
    const place = this.open.findIndex(event => event.call === call);
    const event = this.open[place];
    if (event === undefined) return;
    this.open.splice(place, 1);
    event.end = ++this.clock;
    event.error = answer.error;
    event.count = answer.count;
    event.size = answer.size;
    if (answer.error === 0) event.bytes = bytesOf(call, answer);
    this.ended.push(event);
  }

  /** A failure was injected into one of the calls in progress. */
  fail(): void {
    this.failed = true;
  }

  /** The files of the group, of which it is good to know the size before it is judged. */
  files(): FileId[] {
    return this.open.length === 0 && this.ended.length > 1
      ? [...new Set(this.ended.map(({ call }) => call.file))].sort((a, b) => a - b)
      : [];
  }

  /** Judges what has ended, unless somebody (an access from elsewhere) is still in progress. */
  judge(): Finding | null {
    if (this.open.length > 0) return null;
    const events = this.ended.splice(0);
    const { failed } = this;
    this.failed = false;
    if (failed || events.length < 2) return null;
    for (const [file, known] of this.known) {
      const mine = events.filter(({ call }) => call.file === file);
      if (mine.length < 2) continue;
      const set = smallestUnordered({ ...known, events: mine });
      if (set !== null) return unordered(file, set);
    }
    return null;
  }
}

const NOTHING = new Uint8Array(0);

/** What a read returned, and what a write stored. */
function bytesOf(call: Call, { count, bytes }: Answer): Uint8Array {
  if (call.name === 'read') return bytes.slice(0, count);
  if (call.name !== 'write') return NOTHING;
  const stored = new Uint8Array(count);
  fillData(call.data, call.offset, stored, 0, count);
  return stored;
}

function unordered(file: FileId, set: readonly Event[]): Finding {
  const { call } = set.at(-1)!;
  const told = set.map(tell).join('; ');
  const message = `file ${file}: no serial order of these calls explains what they answered, and of any fewer one does: ${told}`;
  return { id: 'INV-75', message, file, offset: call.offset, length: call.length, call: call.id };
}

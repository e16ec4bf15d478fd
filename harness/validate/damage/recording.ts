/**
 * A recording as the damages see it: its lines, what they say, and for each line the plain facts a precondition needs —
 * who asked for a mapping, which folio writeback had taken. Worked out here by itself, not by the validator: the test of
 * a checker must not lean on the checker.
 */
import type {
  DirectBeginEvent,
  IterEvent,
  KernelEvent,
  MappingEvent,
  RangeEvent,
} from '../../../model/contract/kernel-event.js';
import { EventReader } from '../../../traces/ftrace/event.js';
import { readFileSystem } from '../commands.js';

/** One line with its surroundings. */
export interface Place {
  /** Index into `lines`. */
  readonly at: number;
  readonly text: string;
  readonly event: KernelEvent;
  /** The last `iomap_iter` of the same task before this line. */
  readonly asked: IterEvent | null;
  /** The task's mapping since that `iomap_iter`. */
  readonly given: MappingEvent | null;
  /** The folio that writeback took last in this task. */
  readonly taken: RangeEvent | null;
  /** The direct request that began last in this task. */
  readonly begun: DirectBeginEvent | null;
  /** The next and the previous event of the same task. */
  readonly next: KernelEvent | null;
  readonly previous: KernelEvent | null;
}

export interface Recording {
  readonly name: string;
  /** File system and its block size, as the command file beside the recording says. */
  readonly fs: string;
  readonly block: number;
  readonly lines: readonly string[];
  readonly places: readonly Place[];
}

/** Reads a complete recording with its command file. */
export function readRecording(name: string, text: string, commands: string): Recording {
  const lines = text.split('\n');
  const reader = new EventReader();
  const events = lines.map((line, at) => (line.startsWith('#') ? null : reader.read(line, at + 1)));
  const asked = new Map<number, IterEvent>();
  const given = new Map<number, MappingEvent>();
  const taken = new Map<number, RangeEvent>();
  const begun = new Map<number, DirectBeginEvent>();
  const previous = new Map<number, KernelEvent>();
  const next: (KernelEvent | null)[] = [];
  const last = new Map<number, KernelEvent>();
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at] ?? null;
    next[at] = event === null ? null : (last.get(event.task) ?? null);
    if (event !== null) last.set(event.task, event);
  }
  const places: Place[] = [];
  events.forEach((event, at) => {
    if (event === null) return;
    const { task } = event;
    places.push({
      at,
      text: lines[at]!,
      event,
      asked: asked.get(task) ?? null,
      given: given.get(task) ?? null,
      taken: taken.get(task) ?? null,
      begun: begun.get(task) ?? null,
      next: next[at] ?? null,
      previous: previous.get(task) ?? null,
    });
    previous.set(task, event);
    if (event.kind === 'iter') {
      asked.set(task, event);
      given.delete(task);
    } else if (event.kind === 'dstmap') given.set(task, event);
    else if (event.kind === 'writebackFolio') taken.set(task, event);
    else if (event.kind === 'dioBegin') begun.set(task, event);
  });
  const { fs, blockSize } = readFileSystem(commands);
  return { name, fs, block: blockSize, lines, places };
}

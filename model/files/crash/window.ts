/**
 * What of the timeline matters for a crash at one position of the device history: for each file the moments since its last
 * covering sync, and how many of the transactions must be there (CR-10, CR-20). A *prefix* g means: the first g changes of
 * `metas` are durable as a whole, the next one perhaps in part (CR-45), the others only by what they stored in place.
 */
import type { Bytes } from '../../contract/index.js';
import type { Moment } from './moment.js';
import type { FileTimeline, SyncPromise, Timeline } from './timeline.js';

/** Prefixes that are judged one by one; more are judged in groups of neighbours, which permits a little more. */
const MOST_CLASSES = 30;

export interface FileWindow {
  readonly line: FileTimeline;
  /** The last moment that is durable in any case, and the last one that has begun. */
  readonly base: number;
  readonly last: number;
  /** The sync that made `base` durable, or null: the mount. */
  readonly by: SyncPromise | null;
  /** Ranges with a later promise of their own. */
  readonly ranges: readonly SyncPromise[];
}

export interface Window {
  readonly timeline: Timeline;
  readonly files: readonly FileWindow[];
  /** Prefixes in groups: a state is permitted if one group permits it. */
  readonly classes: readonly (readonly number[])[];
  /** Equal for positions between which nothing changed. */
  readonly key: string;
}

/** The window for a crash at `cut`. `forced`: the log was forced, so every transaction is durable (shutdown with a flush). */
export function windowAt(timeline: Timeline, cut: number, forced = false): Window {
  const files = timeline.files.map(line => fileWindow(line, cut));
  let most = 0;
  timeline.metas.forEach((meta, order) => {
    if (timeline.files[meta.file]!.moments[meta.index]!.begin < cut) most = order + 1;
  });
  let least = forced ? most : 0;
  timeline.metas.forEach(({ file, index }, order) => {
    const { base, ranges, line } = files[file]!;
    if (line.moments[index]!.idle) return;
    if (index <= base || ranges.some(range => index < range.upTo && needs(line, range, index)))
      least = Math.max(least, order + 1);
  });
  const key = [least, most, ...files.flatMap(f => [f.base, f.last, f.ranges.length])].join();
  return { timeline, files, classes: classesOf(files, least, most), key };
}

function fileWindow(line: FileTimeline, cut: number): FileWindow {
  let by: SyncPromise | null = null;
  const ranges: SyncPromise[] = [];
  for (const promise of line.promises) {
    if (promise.end > cut) continue;
    if (promise.to !== Number.POSITIVE_INFINITY) ranges.push(promise);
    else if (by === null || promise.upTo >= by.upTo) by = promise;
  }
  const base = by === null ? 0 : by.upTo - 1;
  let last = base;
  for (let i = base + 1; i < line.moments.length; i++) if (line.moments[i]!.begin < cut) last = i;
  return { line, base, last, by, ranges: ranges.filter(range => range.upTo - 1 > base) };
}

/** The bytes of the range cannot be read back without this change: it gave them their storage, or moved the end (CR-21). */
function needs(line: FileTimeline, range: SyncPromise, index: number): boolean {
  const moment = line.moments[index]!;
  if (moment.unclear) return false;
  return (moment.setsSize && grewIn(line, range)) || (moment.replacedFrom < range.to && moment.replacedTo > range.from);
}

/** What was synced made the file longer, and the sync promised that too. */
function grewIn({ moments }: FileTimeline, { upTo, bytesOnly }: SyncPromise): boolean {
  return !bytesOnly && moments[upTo - 1]!.size > moments[upTo - 2]!.size;
}

function classesOf(files: readonly FileWindow[], least: number, most: number): readonly (readonly number[])[] {
  const prefixes = Array.from({ length: most - least + 1 }, (_, i) => least + i);
  // The order of calls that overlapped is not known: then no state is tied to one prefix.
  const mixed = files.some(({ line, base, last }) => line.moments.slice(base + 1, last + 1).some(m => m.unclear));
  const size = mixed ? prefixes.length : Math.ceil(prefixes.length / MOST_CLASSES);
  const classes: number[][] = [];
  for (let at = 0; at < prefixes.length; at += size) classes.push(prefixes.slice(at, at + size));
  return classes;
}

/** Sizes the file may have with prefix g, as the least and the most, and one more (or −1) that a change in part may have left. */
export interface Sizes {
  readonly least: Bytes;
  readonly most: Bytes;
  readonly other: Bytes;
}

/** Up to where stores can have become reachable: those after the change that is durable in part cannot. */
export function sequenceLimit(window: Window, prefix: number): number {
  const meta = window.timeline.metas[prefix];
  return meta === undefined
    ? Number.POSITIVE_INFINITY
    : window.timeline.files[meta.file]!.moments[meta.index]!.sequence;
}

/** The order of the change among `metas`, −1 for a store. */
export function orderOf(timeline: Timeline, file: number, index: number): number {
  return timeline.metas.findIndex(meta => meta.file === file && meta.index === index);
}

/** CR-40, CR-41, CR-82, CR-83. */
export function sizesOf(window: Window, file: FileWindow, prefix: number): Sizes {
  const { moments } = file.line;
  const limit = sequenceLimit(window, prefix);
  let { sizeLeast: least, size: most } = moments[file.base]!;
  let other = -1;
  for (let i = file.base + 1; i <= file.last; i++) {
    const moment = moments[i]!;
    const grew = moment.size > moments[i - 1]!.size;
    if (moment.unclear || moment.sizeLeast !== moment.size) {
      least = Math.min(least, moment.sizeLeast, moments[i - 1]!.size);
      most = Math.max(most, moment.size, moments[i - 1]!.size);
    } else if (moment.durability === 'meta') {
      const order = orderOf(window.timeline, file.line.file, i);
      if (order < prefix) {
        if (moment.setsSize) least = most = moment.size;
      } else if (order === prefix) {
        // Growth may be seen at work: what it writes out of the old last block has an end of its own (CR-80).
        if (grew) most = Math.max(most, moment.size);
        else other = moment.size;
      }
    } else if (moment.sequence < limit) {
      most = Math.max(most, moment.size);
      if (file.ranges.some(range => range.upTo - 1 === i && grewIn(file.line, range)))
        least = Math.max(least, moment.size);
    }
  }
  return { least, most, other };
}

/** The moment is a store that can raise the size only when its data is written. */
export function isPlainStore(moment: Moment): boolean {
  return (moment.name === 'write' || moment.name === 'dwrite') && !moment.unclear;
}

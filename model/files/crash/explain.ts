/**
 * One sentence about a forbidden state after a crash: what was promised and by which sync, and what came back and from
 * where. Decides the id: bytes that were never the file's are exposure (INV-60), bytes older than a covering sync break its
 * promise (INV-61), everything else is INV-64 for sizes, INV-65 for bytes, INV-62 for states no prefix explains.
 */
import { type Bytes, DEVICE_POISON, type Finding, MEMORY_POISON, tagOf } from '../../contract/index.js';
import { chunkAt, type Moment } from './moment.js';
import type { SyncPromise } from './timeline.js';
import { type FileWindow, sizesOf, type Window } from './window.js';

export function explainSize(window: Window, file: FileWindow, size: Bytes): Finding {
  const sizes = window.classes.flat().map(prefix => sizesOf(window, file, prefix));
  const least = Math.min(...sizes.map(it => (it.other < 0 ? it.least : Math.min(it.least, it.other))));
  const most = Math.max(...sizes.map(it => Math.max(it.most, it.other)));
  const known = least === most ? `${least}` : `${least} to ${most}`;
  const promise = size < least ? (file.ranges.findLast(range => range.to > size && !range.bytesOnly) ?? file.by) : null;
  const ground = promise === null ? '' : `${promise.name} #${promise.call} returned 0; `;
  const text = `${ground}after the crash file ${file.line.file} is ${size} bytes long; possible: ${known}`;
  return finding(promise === null ? 'INV-64' : 'INV-61', file, Math.min(size, least), -1, text);
}

export function explainMixture(window: Window, file: FileWindow, size: Bytes): Finding {
  const synced = window.files.flatMap(({ by }) => (by === null ? [] : [`${by.name} #${by.call}`]));
  const ground = synced.length === 0 ? '' : ` (synced: ${synced.join(', ')})`;
  const text = `after the crash no prefix of the transactions explains that file ${file.line.file} is ${size} bytes long while the other files are as they are${ground}`;
  return finding('INV-62', file, size, -1, text);
}

export function explainByteAfterCrash(
  _window: Window,
  file: FileWindow,
  size: Bytes,
  offset: Bytes,
  seen: number,
): Finding {
  const { moments } = file.line;
  const holders = moments.slice(0, file.last + 1).flatMap((moment, i) => (byteOf(moment, offset) === seen ? [i] : []));
  const promise = covering(file, offset);
  const since = promise === null ? 0 : promise.upTo - 1;
  const never = holders.length === 0 && seen !== 0;
  const older = holders.length > 0 && holders.every(i => i < since);
  const id = never ? 'INV-60' : older ? 'INV-61' : 'INV-65';
  const ground = promise === null ? '' : `${promised(promise, size)}; `;
  const text = `${ground}after the crash byte ${offset} of file ${file.line.file} shows ${shown(file, offset, seen, holders)}; the file is ${size} bytes long, and held there ${held(file, offset, since)}`;
  return finding(id, file, offset, 1, text);
}

function covering({ by, ranges }: FileWindow, offset: Bytes): SyncPromise | null {
  let found = by;
  for (const range of ranges)
    if (offset >= range.from && offset < range.to && (found === null || range.upTo > found.upTo)) found = range;
  return found;
}

function promised({ name, call, from, to }: SyncPromise, size: Bytes): string {
  const last = to === Number.POSITIVE_INFINITY ? size - 1 : to - 1;
  return `${name} #${call} returned 0 for bytes ${from}..${Math.max(from, last)}`;
}

function shown(file: FileWindow, offset: Bytes, seen: number, holders: readonly number[]): string {
  if (seen === DEVICE_POISON) return `${seen} (what a device block held before its first write)`;
  if (seen === MEMORY_POISON) return `${seen} (memory that was never filled)`;
  // The change that put the value there, the newest of those that did.
  const writers = holders.filter(i => !holders.includes(i - 1));
  const writer = writers.length === 0 ? undefined : file.line.moments[writers.at(-1)!];
  if (seen === 0) return 'zero';
  if (writer === undefined)
    return `${seen} (the value of data ${tagOf(seen, offset)} here, which this file never held)`;
  return `${writer.name === 'mount' ? 'what stood there at the mount' : `${writer.name} #${writer.call}`} (${seen})`;
}

/** The versions since the covering sync, oldest first. */
function held({ line, last }: FileWindow, offset: Bytes, since: number): string {
  const versions: string[] = [];
  let before = -1;
  for (let i = since; i <= last; i++) {
    const moment = line.moments[i]!;
    const value = offset < moment.size ? byteOf(moment, offset) : -2;
    if (value === before) continue;
    before = value;
    const what = value === -2 ? 'nothing' : value === 0 ? 'zero' : `${value}`;
    versions.push(`${what} ${moment.name === 'mount' ? 'at the mount' : `since ${moment.name} #${moment.call}`}`);
  }
  return versions.length > 6 ? `${versions.slice(0, 3).join(', ')} … ${versions.at(-1)!}` : versions.join(', ');
}

function byteOf(moment: Moment, offset: Bytes): number {
  const chunk = chunkAt(moment.chunks, offset);
  return chunk?.bytes?.[offset - chunk.start] ?? 0;
}

function finding(id: string, file: FileWindow, offset: Bytes, length: Bytes, message: string): Finding {
  // No call shows it: the state after the crash does.
  return { id, message, file: file.line.file, offset, length, call: -1 };
}

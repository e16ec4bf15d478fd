/** What changed in a file between two looks at it, apart from clean cache that came or went. */
import { Fork } from '../../../model/contract/index.js';
import { Code, cowOf } from './block-state.js';
import { COW_FORK, DATA_FORK, type FileTrack } from './file-track.js';

const MAP_AND_DIRTY = DATA_FORK | COW_FORK | Code.dirty;

/** Names the first block whose map or D bit changed, or ''. */
export function changedBeyondCache(file: FileTrack): string {
  if ((file.changed & MAP_AND_DIRTY) === 0) return '';
  for (let i = 0; i < file.changes; i++) if (differs(file, i)) return describe(file, i);
  return '';
}

/**
 * The same, except for what a refused request may leave: a reservation or unwritten blocks behind the end, and anything
 * it prepared in the copy-on-write fork (INV-18 with INV-16).
 */
export function changedByRefusal(file: FileTrack, firstBehindEnd: number): string {
  for (let i = 0; i < file.changes; i++) {
    if (!differs(file, i)) continue;
    const [before, now] = codes(file, i);
    const dirtied = ((before ^ now) & Code.dirty) !== 0;
    const data = (now & Code.data) as number;
    const prepared =
      file.changedBlock(i) >= firstBehindEnd && (before & Code.data) === Fork.hole && data !== Fork.written;
    const sameData = (before & Code.data) === data;
    if (!dirtied && (prepared || (sameData && cowOf(now) !== cowOf(before)))) continue;
    return describe(file, i);
  }
  return '';
}

function codes(file: FileTrack, change: number): readonly [number, number] {
  const from = file.changedFrom[change]!;
  const to = file.changedTo[change]!;
  return [from >= 0 ? file.previous.code[from]! : 0, to >= 0 ? file.rows.code[to]! : 0];
}

function differs(file: FileTrack, change: number): boolean {
  return (file.changedIn[change]! & MAP_AND_DIRTY) !== 0;
}

const FORKS = ['a hole', 'delayed', 'unwritten', 'written'] as const;
const COW_FORKS = ['', ', copy-on-write delayed', ', copy-on-write real', ', copy-on-write busy'] as const;

function describe(file: FileTrack, change: number): string {
  const words = codes(file, change).map(
    code => `${FORKS[code & Code.data]}${COW_FORKS[cowOf(code)]}${(code & Code.dirty) !== 0 ? ', dirty' : ''}`,
  );
  return `block ${file.changedBlock(change)} from ${words[0]} to ${words[1]}`;
}

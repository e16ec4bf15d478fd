/**
 * What the text has shown of the block map of one file, and what becomes of it: ranges that are learned, forgotten,
 * converted and remapped. When, is told by `file-maps.ts`.
 */
import type { KernelEvent, MappingEvent, PieceEvent } from '../../model/contract/kernel-event.js';
import { MapType } from '../../model/contract/mapping.js';
import { type Range, RangeMap } from './ranges.js';

/** What is known of a range of a file. */
export interface Extent {
  readonly type: MapType;
  /** A conversion is under way, or may have happened: UNWRITTEN, or MAPPED at the same place. */
  readonly either: boolean;
  /** Device address minus file offset, where there is storage. */
  readonly base: number;
  readonly since: MappingEvent | PieceEvent;
  /** It was seen by an operation that would have seen sharing, and was not shared. */
  readonly alone: boolean;
}

export interface Settling {
  readonly task: number;
  readonly start: number;
  readonly end: number;
  /** What the range becomes. */
  readonly becomes: 'mapped' | 'remapped';
  /** It ends a direct write, not writeback. */
  readonly isDirect: boolean;
  /** The blocks were moved or freed since: what the range becomes is not known. */
  readonly isOld: boolean;
}

/** One file's map. */
export class FileMap {
  readonly data = new RangeMap<Extent>();
  /** Copy-on-write fork: where pieces go before they are remapped. */
  readonly cow = new RangeMap<Extent>();
  /** Tasks in the middle of an operation that changes the map at unknown moments. */
  readonly changing = new Set<number>();
  /** Line of the last event after which a begin that was under way may answer with an old or a new map. */
  changed = 0;
  /** Line of the last event of an operation that frees or moves blocks. */
  moved = 0;
  settling: Settling[] = [];

  /** True if blocks of `[start, end)` are being moved from the copy-on-write fork. */
  isRemapping(start: number, end: number): boolean {
    return this.settling.some(s => s.becomes === 'remapped' && s.start < end && s.end > start);
  }

  /** True if a begin that asked at line `asked` may have answered about `[start, end)` from before a change. */
  isRacy(asked: number, start: number, end: number): boolean {
    return this.changing.size > 0 || this.changed > asked || this.isRemapping(start, end);
  }

  /** Nothing is known of the data fork from `from` on; nor do completions that may still be under way say anything of it. */
  forget(from: number, event: KernelEvent): void {
    this.data.delete(from, Number.POSITIVE_INFINITY);
    this.outdate(from);
    this.changed = event.line;
    this.moved = event.line;
  }

  /** The blocks of the file from `from` on were changed: completions that may still be under way say nothing of the new ones. */
  outdate(from: number): void {
    this.settling = this.settling.map(s => (s.end > from ? { ...s, isOld: true } : s));
  }

  /** Unwritten blocks of the range may have been converted. */
  mayConvert(start: number, end: number): void {
    rewrite(this.data, start, end, ({ value }) =>
      value.type === MapType.UNWRITTEN ? { ...value, either: true } : value,
    );
  }

  forgetHoles(start: number, end: number): void {
    for (const range of this.data.overlapping(start, end)) {
      if (range.value.type === MapType.HOLE) this.data.delete(Math.max(start, range.start), Math.min(end, range.end));
    }
  }

  /** Allocation may go as far as the hole does: an extent size hint asks for more than is printed. */
  forgetHolesAround(start: number, end: number): void {
    this.forgetHoles(start, end);
    const forget = (range: Range<Extent> | undefined): boolean => {
      if (range?.value.type !== MapType.HOLE) return false;
      this.data.delete(range.start, range.end);
      return true;
    };
    while (forget(this.data.before(start)));
    while (forget(this.data.behind(end)));
  }

  /** What was under way has happened, as far as `done` says so. */
  settle(event: KernelEvent, done: (settling: Settling) => boolean): void {
    const left: Settling[] = [];
    for (const settling of this.settling) {
      if (done(settling)) {
        this.become(settling);
        this.changed = event.line;
      } else left.push(settling);
    }
    this.settling = left;
  }

  private become({ start, end, becomes, isDirect, isOld }: Settling): void {
    if (isOld) {
      this.data.delete(start, end);
      return;
    }
    if (becomes === 'mapped') {
      rewrite(this.data, start, end, ({ value }) =>
        value.type === MapType.UNWRITTEN
          ? { ...value, type: MapType.MAPPED, either: false }
          : value.type === MapType.MAPPED
            ? value
            : null,
      );
      return;
    }
    this.data.delete(start, end);
    for (const range of this.cow.overlapping(start, end)) {
      const { value } = range;
      if (value.type !== MapType.UNWRITTEN && value.type !== MapType.MAPPED) continue;
      // A direct write remaps what it converted; where nothing was shared it wrote in place, and reserved space stays.
      if (isDirect && value.type === MapType.UNWRITTEN) continue;
      this.data.set(Math.max(start, range.start), Math.min(end, range.end), {
        ...value,
        type: MapType.MAPPED,
        alone: false,
      });
    }
    this.cow.delete(start, end);
  }
}

/** One report of an old range more says nothing new; keeping it spares the work. */
export function remember(into: RangeMap<Extent>, event: MappingEvent | PieceEvent, alone: boolean): void {
  if (!Number.isFinite(event.offset)) return;
  const known = into.overlapping(event.offset, event.offset + event.length);
  const [only] = known;
  const base = event.addr - event.offset;
  if (
    known.length === 1 &&
    only !== undefined &&
    only.start <= event.offset &&
    only.end >= event.offset + event.length &&
    only.value.type === event.type &&
    !only.value.either &&
    (only.value.alone || !alone) &&
    (event.type === MapType.HOLE || event.type === MapType.DELALLOC || only.value.base === base)
  ) {
    return;
  }
  // A reader that still sees blocks unwritten does not say that their conversion is not under way.
  if (event.type === MapType.UNWRITTEN && known.some(range => range.value.either)) return;
  into.set(event.offset, event.offset + event.length, { type: event.type, either: false, base, since: event, alone });
}

function rewrite(map: RangeMap<Extent>, start: number, end: number, to: (range: Range<Extent>) => Extent | null): void {
  for (const range of map.overlapping(start, end)) {
    const value = to(range);
    const from = Math.max(start, range.start);
    const upTo = Math.min(end, range.end);
    if (value === null) map.delete(from, upTo);
    else map.set(from, upTo, value);
  }
}

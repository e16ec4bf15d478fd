/**
 * What the text has shown of the block maps of files, kept only while nothing can have changed it unseen.
 *
 * Sources are the mappings given to readers, reporters and writers and the pieces of writeback. A mapping printed with
 * SHARED for a writer is space of the copy-on-write fork and kept apart. Space operations (truncate, punch, collapse,
 * reflink …) name no range, or change the map at a moment that no event marks, so from their first event until their task
 * does something else nothing is known and nothing is learned of the file. Conversions and remappings are known to have
 * happened when their task goes on to another event.
 *
 * File systems: XFS (with its events), ext4 (storage only: its buffered writes do not pass here), EROFS (never changes).
 * All others are unknown territory (btrfs moves blocks at will, FUSE has none).
 */
import type {
  Ext4BlocksEvent,
  KernelEvent,
  MappingEvent,
  PieceEvent,
  XfsFileEvent,
  XfsTruncateEvent,
} from '../../model/contract/kernel-event.js';
import { MapFlag, MapType } from '../../model/contract/mapping.js';
import { OpFlag } from '../../model/contract/op-flags.js';
import { NULL_ADDR } from '../../model/contract/units.js';
import type { Device } from './device.js';
import type { Iteration } from './iteration.js';
import { type Range, RangeMap } from './ranges.js';
import type { Sync } from './syncing.js';
import { isDelayed } from './xfs-blocks.js';

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

interface Settling {
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
}

/** Can the text tell what the map of this file system is? */
export function isMapKnown(device: Device): boolean {
  return (
    device.fs === 'erofs' || (device.fs === 'ext4' && device.showsOwn) || (device.fs === 'xfs' && device.showsBegin)
  );
}

/** Events of XFS and ext4 without a reader of their own that leave block maps alone. */
const HARMLESS = new Set([
  'xfs_file_fsync',
  'xfs_read_fault',
  'xfs_write_fault',
  'xfs_iomap_prealloc_size',
  'ext4_da_write_begin',
  'ext4_da_write_end',
  'ext4_writepages',
  'ext4_writepages_result',
  'ext4_sync_file_enter',
  'ext4_sync_file_exit',
  'ext4_da_reserve_space',
  'ext4_da_update_reserve_space',
  'ext4_da_release_space',
  'ext4_ext_map_blocks_enter',
  'ext4_invalidate_folio',
  'ext4_release_folio',
]);
/** Names of XFS events with a reader that change the map of their file. */
const REMAPS = new Set(['xfs_reflink_remap_extent_src', 'xfs_reflink_remap_extent_dest', 'xfs_reflink_unshare']);
/** How far ext4 zeroes around a split, at most. */
const ZEROED_AROUND = 1 << 16;
const MOST_FILES = 1 << 10;

export class FileMaps {
  private readonly files = new Map<string, FileMap>();
  private readonly settlers = new Map<number, FileMap[]>();
  /** The direct write that a task ended last. */
  private readonly ending = new Map<number, XfsFileEvent>();
  /** The files that a task is changing. */
  private readonly changers = new Map<number, Set<FileMap>>();
  /** Devices on which blocks were seen to become shared, or to be shared. */
  readonly sharing = new Set<string>();

  of(dev: string, ino: number): FileMap {
    const key = `${dev} ${ino}`;
    let map = this.files.get(key);
    if (map === undefined) {
      if (this.files.size >= MOST_FILES) this.files.clear();
      this.files.set(key, (map = new FileMap()));
    }
    return map;
  }

  /** Ahead of the rules: what the event's task had under way has happened. */
  before(event: KernelEvent): void {
    const waiting = this.settlers.get(event.task);
    if (
      waiting === undefined ||
      event.name === 'xfs_reflink_cow_remap_from' ||
      event.name === 'xfs_reflink_cow_remap_to'
    ) {
      return;
    }
    this.settlers.delete(event.task);
    for (const map of waiting) this.settle(map, event, s => s.task === event.task);
  }

  /** What was under way in a file has happened, as far as `done` says so. */
  private settle(map: FileMap, event: KernelEvent, done: (settling: Settling) => boolean): void {
    const left: Settling[] = [];
    for (const settling of map.settling) {
      if (done(settling)) {
        settle(map, settling);
        map.changed = event.line;
      } else left.push(settling);
    }
    map.settling = left;
  }

  /** A sync has returned, and with it the completions of the pieces that it wrote. */
  synced({ key, pieces }: Sync, event: KernelEvent): void {
    const map = this.files.get(key);
    if (map === undefined || map.settling.length === 0) return;
    const written = new RangeMap<true>();
    for (const { pos, dirtyLength } of pieces) written.set(pos, pos + dirtyLength, true);
    this.settle(map, event, s => written.covers(s.start, s.end));
  }

  /** Behind the rules. `top` is the iteration that a mapping was given to. */
  after(event: KernelEvent, device: Device, top: Iteration | undefined): void {
    switch (event.kind) {
      case 'dstmap':
      case 'srcmap':
        this.learn(event, device, top);
        break;
      case 'piece':
        this.learnPiece(event, device);
        break;
      case 'xfsExtent':
        // Allocation is visible to others from before this event on.
        if (event.name === 'xfs_iomap_alloc' && event.fork === 'data' && device.blockSize > 0) {
          const map = this.of(event.dev, event.ino);
          const start = event.startOffset * device.blockSize;
          // Only holes are forgotten: what had storage is K-NEW's business.
          const end = start + event.blocks * device.blockSize;
          if (isDelayed(event.startBlock)) forgetHoles(map, start, end);
          else forgetHolesAround(map, start, end);
        }
        break;
      case 'xfsFile':
        this.completion(event, device);
        break;
      case 'xfsTruncate':
        this.truncate(event, device);
        break;
      case 'ext4Blocks':
        this.ext4(event, device);
        break;
      case 'xfsBlocks':
        if (event.name.includes('remap_extent')) this.sharing.add(event.dev);
        if (REMAPS.has(event.name)) this.change(event);
        else if (event.name === 'xfs_reflink_cancel_cow') this.of(event.dev, event.ino).cow.clear();
        break;
      case 'iter':
        if ((event.flags & OpFlag.REPORT) !== 0) this.quiet(event);
        break;
      case 'dioBegin':
        this.quiet(event);
        break;
      case 'marker':
        for (const task of [...this.changers.keys()]) this.end(task);
        break;
      case 'other':
        if (HARMLESS.has(event.name)) {
          if (
            event.name === 'xfs_file_fsync' ||
            event.name.startsWith('ext4_sync') ||
            event.name === 'ext4_da_write_begin'
          ) {
            this.quiet(event);
          }
        } else if (event.ino >= 0 && (event.name.startsWith('xfs_') || event.name.startsWith('ext4_'))) {
          if (event.name.startsWith('xfs_reflink')) this.sharing.add(event.dev);
          this.change(event);
        }
        break;
      default:
    }
  }

  /** True if a begin that asked at line `asked` may have answered about `[start, end)` from before a change. */
  isRacy(map: FileMap, asked: number, start: number, end: number): boolean {
    return map.changing.size > 0 || map.changed > asked || isRemapping(map, start, end);
  }

  private learn(event: MappingEvent, device: Device, top: Iteration | undefined): void {
    if (top === undefined || !isMapKnown(device) || event.type === MapType.INLINE) return;
    const map = this.of(event.dev, event.ino);
    const asked = top.recent.findLast(e => e.kind === 'iter')?.line ?? 0;
    const isShared = (event.flags & MapFlag.SHARED) !== 0;
    if (isShared) this.sharing.add(event.dev);
    if (this.isRacy(map, asked, event.offset, event.offset + event.length)) return;
    const report = (top.first.flags & OpFlag.REPORT) !== 0;
    const seeks = top.first.caller.startsWith('iomap_seek');
    if (isShared && (!report || seeks)) {
      // A seek is shown delayed space of the copy-on-write fork as UNWRITTEN without an address (SEEK-06).
      if (event.addr === NULL_ADDR && event.type === MapType.UNWRITTEN)
        map.cow.delete(event.offset, event.offset + event.length);
      else remember(map.cow, event, false);
      return;
    }
    if (device.fs === 'ext4' && (event.type === MapType.HOLE || event.type === MapType.DELALLOC)) {
      map.data.delete(event.offset, event.offset + event.length);
      return;
    }
    const looks = event.kind === 'dstmap' && (report || (top.first.flags & OpFlag.WRITE) !== 0);
    remember(map.data, event, looks && !isShared && !seeks);
  }

  private learnPiece(event: PieceEvent, device: Device): void {
    if (!isMapKnown(device)) return;
    const map = this.of(event.dev, event.ino);
    if (map.changing.size > 0 || isRemapping(map, event.offset, event.offset + event.length)) return;
    remember((event.flags & MapFlag.SHARED) !== 0 ? map.cow : map.data, event, false);
  }

  private completion(event: XfsFileEvent, device: Device): void {
    const becomes =
      event.name === 'xfs_unwritten_convert' ? 'mapped' : event.name === 'xfs_reflink_end_cow' ? 'remapped' : null;
    if (becomes === null) {
      if (event.name === 'xfs_end_io_direct_write') {
        if (this.ending.size >= MOST_FILES) this.ending.clear();
        this.ending.set(event.task, event);
      } else if (event.name.startsWith('xfs_file_')) this.quiet(event);
      else if (event.name === 'xfs_reflink_unshare') this.change(event);
      return;
    }
    const map = this.of(event.dev, event.ino);
    const block = device.blockSize;
    if (block === 0) {
      map.data.clear();
      map.changed = event.line;
      return;
    }
    const start = event.pos - (event.pos % block);
    const end = Math.ceil((event.pos + event.count) / block) * block;
    if (becomes === 'mapped') mayConvert(map, start, end);
    else {
      map.data.delete(start, end);
      map.changed = event.line;
    }
    const ended = this.ending.get(event.task);
    const isDirect =
      ended !== undefined && ended.ino === event.ino && ended.pos === event.pos && ended.dev === event.dev;
    map.settling.push({ task: event.task, start, end, becomes, isDirect, isOld: false });
    const list = this.settlers.get(event.task);
    if (list === undefined) this.settlers.set(event.task, [map]);
    else if (!list.includes(map)) list.push(map);
  }

  private truncate(event: XfsTruncateEvent, device: Device): void {
    const map = this.of(event.dev, event.ino);
    const block = device.blockSize === 0 ? 65536 : device.blockSize;
    const start = event.newSize - (event.newSize % block);
    map.data.delete(start, Number.POSITIVE_INFINITY);
    outdate(map, start);
    map.changed = event.line;
    map.moved = event.line;
  }

  private ext4(event: Ext4BlocksEvent, device: Device): void {
    // Without CREATE it is a lookup.
    if (!event.requestFlags.includes('CREATE')) return;
    const map = this.of(event.dev, event.ino);
    map.changed = event.line;
    const block = device.blockSize;
    if (block === 0) map.data.clear();
    else {
      // Splitting an unwritten extent may zero its neighbourhood and call all of it written.
      mayConvert(
        map,
        event.fileBlock * block - ZEROED_AROUND,
        (event.fileBlock + event.blocks) * block + ZEROED_AROUND,
      );
    }
  }

  /** The task of `event` is in an operation that changes the file's map. */
  private change(event: KernelEvent): void {
    const map = this.of(event.dev, event.ino);
    map.changing.add(event.task);
    const maps = this.changers.get(event.task);
    if (maps === undefined) this.changers.set(event.task, new Set([map]));
    else maps.add(map);
    map.data.clear();
    map.cow.clear();
    outdate(map, 0);
    map.changed = event.line;
    map.moved = event.line;
  }

  /** The task of `event` has gone on to something that changes no map. */
  private quiet(event: KernelEvent): void {
    this.end(event.task);
  }

  private end(task: number): void {
    const maps = this.changers.get(task);
    if (maps === undefined) return;
    this.changers.delete(task);
    for (const map of maps) {
      map.changing.delete(task);
      map.data.clear();
      map.cow.clear();
      // Completions that the operation waited for came before the blocks moved.
      outdate(map, 0);
    }
  }
}

function remember(into: RangeMap<Extent>, event: MappingEvent | PieceEvent, alone: boolean): void {
  if (!Number.isFinite(event.offset)) return;
  const known = into.overlapping(event.offset, event.offset + event.length);
  // One report of an old range more says nothing new; keeping it spares the work.
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

/** True if blocks of `[start, end)` are being moved from the copy-on-write fork. */
function isRemapping(map: FileMap, start: number, end: number): boolean {
  return map.settling.some(s => s.becomes === 'remapped' && s.start < end && s.end > start);
}

/** Allocation may go as far as the hole does: an extent size hint asks for more than is printed. */
function forgetHolesAround(map: FileMap, start: number, end: number): void {
  forgetHoles(map, start, end);
  const forget = (range: Range<Extent> | undefined): boolean => {
    if (range?.value.type !== MapType.HOLE) return false;
    map.data.delete(range.start, range.end);
    return true;
  };
  while (forget(map.data.before(start)));
  while (forget(map.data.behind(end)));
}

function forgetHoles(map: FileMap, start: number, end: number): void {
  for (const range of map.data.overlapping(start, end)) {
    if (range.value.type === MapType.HOLE) map.data.delete(Math.max(start, range.start), Math.min(end, range.end));
  }
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

/** Unwritten blocks of the range may have been converted. */
function mayConvert(map: FileMap, start: number, end: number): void {
  rewrite(map.data, start, end, ({ value }) => (value.type === MapType.UNWRITTEN ? { ...value, either: true } : value));
}

/** The blocks of the file from `from` on were changed: completions that may still be under way say nothing of the new ones. */
function outdate(map: FileMap, from: number): void {
  map.settling = map.settling.map(s => (s.end > from ? { ...s, isOld: true } : s));
}

function settle(map: FileMap, { start, end, becomes, isDirect, isOld }: Settling): void {
  if (isOld) {
    map.data.delete(start, end);
    return;
  }
  if (becomes === 'mapped') {
    rewrite(map.data, start, end, ({ value }) =>
      value.type === MapType.UNWRITTEN
        ? { ...value, type: MapType.MAPPED, either: false }
        : value.type === MapType.MAPPED
          ? value
          : null,
    );
    return;
  }
  map.data.delete(start, end);
  for (const range of map.cow.overlapping(start, end)) {
    const { value } = range;
    if (value.type !== MapType.UNWRITTEN && value.type !== MapType.MAPPED) continue;
    // A direct write remaps what it converted; where nothing was shared it wrote in place, and reserved space stays.
    if (isDirect && value.type === MapType.UNWRITTEN) continue;
    map.data.set(Math.max(start, range.start), Math.min(end, range.end), {
      ...value,
      type: MapType.MAPPED,
      alone: false,
    });
  }
  map.cow.delete(start, end);
}

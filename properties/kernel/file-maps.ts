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
  KernelEventKind,
  KernelEventOf,
  MappingEvent,
  PieceEvent,
  XfsBlocksEvent,
  XfsExtentEvent,
  XfsFileEvent,
  XfsTruncateEvent,
} from '../../model/contract/kernel-event.js';
import { MapFlag, MapType } from '../../model/contract/mapping.js';
import { OpFlag } from '../../model/contract/op-flags.js';
import { NULL_ADDR } from '../../model/contract/units.js';
import type { Device } from './device.js';
import { FileMap, remember } from './file-map.js';
import type { Iteration } from './iteration.js';
import { RangeMap } from './ranges.js';
import type { Sync } from './syncing.js';
import { isDelayed } from './xfs-blocks.js';

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
/** Those of them with which something else begins. */
const STARTING = new Set(['xfs_file_fsync', 'ext4_sync_file_enter', 'ext4_sync_file_exit', 'ext4_da_write_begin']);
/** Names of XFS events with a reader that change the map of their file. */
const REMAPS = new Set(['xfs_reflink_remap_extent_src', 'xfs_reflink_remap_extent_dest', 'xfs_reflink_unshare']);
/** How far ext4 zeroes around a split, at most. */
const ZEROED_AROUND = 1 << 16;
const MOST_FILES = 1 << 10;

type Listener<Event = KernelEvent> = (event: Event, device: Device, top: Iteration | undefined) => void;

export class FileMaps {
  private readonly files = new Map<string, FileMap>();
  private readonly settlers = new Map<number, FileMap[]>();
  /** The direct write that a task ended last. */
  private readonly ending = new Map<number, XfsFileEvent>();
  /** The files that a task is changing. */
  private readonly changers = new Map<number, Set<FileMap>>();
  /** What each kind of event tells of maps, once the rules have heard it. */
  private readonly behind: { readonly [K in KernelEventKind]?: Listener<KernelEventOf<K>> } = {
    dstmap: (event, device, top) => this.learn(event, device, top),
    srcmap: (event, device, top) => this.learn(event, device, top),
    piece: (event, device) => this.learnPiece(event, device),
    xfsExtent: (event, device) => this.allocated(event, device),
    xfsFile: (event, device) => this.completion(event, device),
    xfsTruncate: (event, device) => this.truncate(event, device),
    ext4Blocks: (event, device) => this.ext4(event, device),
    xfsBlocks: event => this.blocksMoved(event),
    iter: event => {
      if ((event.flags & OpFlag.REPORT) !== 0) this.goneOn(event.task);
    },
    dioBegin: event => this.goneOn(event.task),
    marker: () => {
      for (const task of [...this.changers.keys()]) this.goneOn(task);
    },
    other: event => this.other(event),
  };
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
    for (const map of waiting) map.settle(event, s => s.task === event.task);
  }

  /** A sync has returned, and with it the completions of the pieces that it wrote. */
  synced({ key, pieces }: Sync, event: KernelEvent): void {
    const map = this.files.get(key);
    if (map === undefined || map.settling.length === 0) return;
    const written = new RangeMap<true>();
    for (const { pos, dirtyLength } of pieces) written.set(pos, pos + dirtyLength, true);
    map.settle(event, s => written.covers(s.start, s.end));
  }

  /** Behind the rules. `top` is the iteration that a mapping was given to. */
  after(event: KernelEvent, device: Device, top: Iteration | undefined): void {
    (this.behind[event.kind] as Listener | undefined)?.(event, device, top);
  }

  private learn(event: MappingEvent, device: Device, top: Iteration | undefined): void {
    if (top === undefined || !isMapKnown(device) || event.type === MapType.INLINE) return;
    const map = this.of(event.dev, event.ino);
    const asked = top.recent.findLast(e => e.kind === 'iter')?.line ?? 0;
    const isShared = (event.flags & MapFlag.SHARED) !== 0;
    if (isShared) this.sharing.add(event.dev);
    if (map.isRacy(asked, event.offset, event.offset + event.length)) return;
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
    if (map.changing.size > 0 || map.isRemapping(event.offset, event.offset + event.length)) return;
    remember((event.flags & MapFlag.SHARED) !== 0 ? map.cow : map.data, event, false);
  }

  /** Allocation is visible to others from before this event on. */
  private allocated(event: XfsExtentEvent, { blockSize }: Device): void {
    if (event.name !== 'xfs_iomap_alloc' || event.fork !== 'data' || blockSize === 0) return;
    const map = this.of(event.dev, event.ino);
    // Only holes are forgotten: what had storage is K-NEW's business.
    const start = event.startOffset * blockSize;
    const end = start + event.blocks * blockSize;
    if (isDelayed(event.startBlock)) map.forgetHoles(start, end);
    else map.forgetHolesAround(start, end);
  }

  private blocksMoved(event: XfsBlocksEvent): void {
    if (event.name.includes('remap_extent')) this.sharing.add(event.dev);
    if (REMAPS.has(event.name)) this.change(event);
    else if (event.name === 'xfs_reflink_cancel_cow') this.of(event.dev, event.ino).cow.clear();
  }

  /** An event without a reader of its own. */
  private other(event: KernelEvent): void {
    if (STARTING.has(event.name)) this.goneOn(event.task);
    if (HARMLESS.has(event.name) || event.ino < 0 || !/^(?:xfs|ext4)_/.test(event.name)) return;
    if (event.name.startsWith('xfs_reflink')) this.sharing.add(event.dev);
    this.change(event);
  }

  private completion(event: XfsFileEvent, device: Device): void {
    const becomes =
      event.name === 'xfs_unwritten_convert' ? 'mapped' : event.name === 'xfs_reflink_end_cow' ? 'remapped' : null;
    if (becomes === null) {
      if (event.name === 'xfs_end_io_direct_write') {
        if (this.ending.size >= MOST_FILES) this.ending.clear();
        this.ending.set(event.task, event);
      } else if (event.name.startsWith('xfs_file_')) this.goneOn(event.task);
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
    if (becomes === 'mapped') map.mayConvert(start, end);
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
    map.forget(start, event);
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
      const end = (event.fileBlock + event.blocks) * block;
      map.mayConvert(event.fileBlock * block - ZEROED_AROUND, end + ZEROED_AROUND);
    }
  }

  /** The task of `event` is in an operation that changes the file's map. */
  private change(event: KernelEvent): void {
    const map = this.of(event.dev, event.ino);
    map.changing.add(event.task);
    const maps = this.changers.get(event.task);
    if (maps === undefined) this.changers.set(event.task, new Set([map]));
    else maps.add(map);
    map.cow.clear();
    map.forget(0, event);
  }

  /** The task has gone on to something that changes no map. */
  private goneOn(task: number): void {
    const maps = this.changers.get(task);
    if (maps === undefined) return;
    this.changers.delete(task);
    for (const map of maps) {
      map.changing.delete(task);
      map.data.clear();
      map.cow.clear();
      // Completions that the operation waited for came before the blocks moved.
      map.outdate(0);
    }
  }
}

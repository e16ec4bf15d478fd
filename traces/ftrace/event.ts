/**
 * From a line to a `KernelEvent`. Every event that says something about the contract has a reader in one list, by its
 * name; other events of the file systems become `other`, everything else `unknown`. An event cut short gives null.
 */
import type { KernelEvent, KernelEventKind } from '../../model/contract/kernel-event.js';
import { Fields } from './fields.js';
import { mapFlagsOfNumber, readMapFlags, readMapType, readOpFlags } from './flags.js';
import { type Head, readHead } from './line.js';
import { EventRecord } from './record.js';

/** Fills a record from the fields behind device and inode; false when they cannot be read. */
type Fill = (e: EventRecord, f: Fields) => boolean;

interface Reader {
  readonly kind: KernelEventKind;
  readonly fill: Fill;
}

const mapping: Fill = (e, f) => {
  e.addr = f.number(' addr ');
  e.offset = f.number(' offset ');
  e.length = f.length(' length ');
  const type = readMapType(f.between(' type ', ')'));
  const set = readMapFlags(f.between(' flags ', ')'));
  if (type === null || set === null) return false;
  e.type = type.type;
  e.flags = set.flags;
  e.unknown = set.unknown;
  e.named = type.named && set.named;
  return true;
};

const iter: Fill = (e, f) => {
  e.pos = f.number(' pos ');
  e.length = f.number(' length ');
  e.status = f.number(' status ');
  const set = readOpFlags(f.between(' flags ', ')'));
  if (set === null) return false;
  e.flags = set.flags;
  e.unknown = set.unknown;
  e.named = set.named;
  e.ops = f.word(' ops ');
  const caller = f.word(' caller ');
  const plus = caller.indexOf('+');
  e.caller = plus < 0 ? caller : caller.slice(0, plus);
  return true;
};

const given: Fill = (e, f) => {
  e.bdev = f.word(' bdev ');
  return mapping(e, f);
};

const piece: Fill = (e, f) => {
  e.bdev = f.word(' bdev ');
  e.pos = f.number(' pos ');
  e.dirtyLength = f.number(' dirty len ');
  return mapping(e, f);
};

const range: Fill = (e, f) => {
  e.size = f.number(' size ');
  e.offset = f.number(' offset ');
  e.length = f.number(' length ');
  return true;
};

const read: Fill = (e, f) => {
  e.pages = f.number(' nr_pages ');
  return true;
};

const dioBegin: Fill = (e, f) => {
  range(e, f);
  e.doneBefore = f.number(' done_before ');
  e.requestFlags = f.between(' flags ', ' dio_flags ');
  e.dioFlags = f.between(' dio_flags ', ' aio ');
  e.aio = f.number(' aio ') !== 0;
  return true;
};

const dioComplete: Fill = (e, f) => {
  e.size = f.number(' size ');
  e.offset = f.number(' offset ');
  e.requestFlags = f.between(' flags ', ' aio ');
  e.aio = f.number(' aio ') !== 0;
  e.error = f.number(' error ');
  e.ret = f.number(' ret ');
  return true;
};

const cache: Fill = (e, f) => {
  if (f.has(' pfn=')) e.pfn = f.number(' pfn=');
  e.offset = f.number(' ofs=');
  e.order = f.number(' order=');
  return true;
};

const xfsExtent: Fill = (e, f) => {
  e.disize = f.number(' disize ');
  e.pos = f.number(' pos ');
  e.count = f.number(' bytecount ');
  e.fork = f.word(' fork ');
  e.startOffset = f.number(' startoff ');
  e.startBlock = f.number(' startblock ');
  e.blocks = f.number(' fsbcount ');
  return true;
};

const xfsInvalid: Fill = (e, f) => {
  e.offset = f.number(' pos ');
  e.addr = f.number(' addr ');
  e.length = f.number(' bytecount ');
  e.type = f.number(' type ');
  e.flags = mapFlagsOfNumber(f.number(' flags '));
  const isWriter = f.has(' validity_cookie ');
  e.cookie = f.number(isWriter ? ' validity_cookie ' : ' wpcseq ');
  e.sequence = f.number(isWriter ? ' inodeseq ' : ' forkseq ');
  return true;
};

const xfsFile: Fill = (e, f) => {
  if (f.has(' isize ')) e.isize = f.number(' isize ');
  if (f.has(' disize ')) e.disize = f.number(' disize ');
  e.pos = f.number(' pos ');
  e.count = f.number(' bytecount ');
  return true;
};

const xfsBlocks: Fill = (e, f) => {
  e.fileBlock = f.number(' fileoff ');
  e.blocks = f.number(' fsbcount ');
  e.startBlock = f.number(' startblock ');
  e.state = f.number(' st ');
  return true;
};

const xfsTruncate: Fill = (e, f) => {
  e.disize = f.number(' disize ');
  e.newSize = f.number(' new_size ');
  return true;
};

const ext4Mapped: Fill = (e, f) => {
  e.requestFlags = f.between(' flags ', ' lblk ');
  e.fileBlock = f.number(' lblk ');
  e.block = f.number(' pblk ');
  e.blocks = f.number(' len ');
  return true;
};

const ext4Unwritten: Fill = (e, f) => {
  e.fileBlock = f.number(' m_lblk ');
  e.block = f.number(' m_pblk ');
  e.blocks = f.number(' m_len ');
  e.requestFlags = f.between(' flags ', ' allocated ');
  return true;
};

const READERS: Readonly<Record<string, Reader>> = {
  iomap_iter: { kind: 'iter', fill: iter },
  iomap_iter_dstmap: { kind: 'dstmap', fill: given },
  iomap_iter_srcmap: { kind: 'srcmap', fill: given },
  iomap_add_to_ioend: { kind: 'piece', fill: piece },
  iomap_writeback_folio: { kind: 'writebackFolio', fill: range },
  iomap_zero_iter: { kind: 'zeroPiece', fill: range },
  iomap_release_folio: { kind: 'releaseFolio', fill: range },
  iomap_invalidate_folio: { kind: 'invalidateFolio', fill: range },
  iomap_dio_invalidate_fail: { kind: 'invalidateFail', fill: range },
  iomap_readahead: { kind: 'read', fill: read },
  iomap_readpage: { kind: 'read', fill: read },
  iomap_dio_rw_begin: { kind: 'dioBegin', fill: dioBegin },
  iomap_dio_rw_queued: { kind: 'dioQueued', fill: range },
  iomap_dio_complete: { kind: 'dioComplete', fill: dioComplete },
  mm_filemap_add_to_page_cache: { kind: 'cacheAdd', fill: cache },
  mm_filemap_delete_from_page_cache: { kind: 'cacheDelete', fill: cache },
  xfs_iomap_alloc: { kind: 'xfsExtent', fill: xfsExtent },
  xfs_iomap_found: { kind: 'xfsExtent', fill: xfsExtent },
  xfs_map_blocks_alloc: { kind: 'xfsExtent', fill: xfsExtent },
  xfs_map_blocks_found: { kind: 'xfsExtent', fill: xfsExtent },
  xfs_iomap_invalid: { kind: 'xfsInvalid', fill: xfsInvalid },
  xfs_wb_data_iomap_invalid: { kind: 'xfsInvalid', fill: xfsInvalid },
  xfs_wb_cow_iomap_invalid: { kind: 'xfsInvalid', fill: xfsInvalid },
  xfs_unwritten_convert: { kind: 'xfsFile', fill: xfsFile },
  xfs_setfilesize: { kind: 'xfsFile', fill: xfsFile },
  xfs_reflink_end_cow: { kind: 'xfsFile', fill: xfsFile },
  xfs_end_io_direct_write: { kind: 'xfsFile', fill: xfsFile },
  xfs_zero_eof: { kind: 'xfsFile', fill: xfsFile },
  xfs_file_buffered_read: { kind: 'xfsFile', fill: xfsFile },
  xfs_file_buffered_write: { kind: 'xfsFile', fill: xfsFile },
  xfs_file_direct_read: { kind: 'xfsFile', fill: xfsFile },
  xfs_file_direct_write: { kind: 'xfsFile', fill: xfsFile },
  xfs_reflink_unshare: { kind: 'xfsFile', fill: xfsFile },
  xfs_reflink_bounce_dio_write: { kind: 'xfsFile', fill: xfsFile },
  xfs_reflink_remap_extent_src: { kind: 'xfsBlocks', fill: xfsBlocks },
  xfs_reflink_remap_extent_dest: { kind: 'xfsBlocks', fill: xfsBlocks },
  xfs_reflink_cow_remap_from: { kind: 'xfsBlocks', fill: xfsBlocks },
  xfs_reflink_cow_remap_to: { kind: 'xfsBlocks', fill: xfsBlocks },
  xfs_reflink_cow_found: { kind: 'xfsBlocks', fill: xfsBlocks },
  xfs_reflink_convert_cow: { kind: 'xfsBlocks', fill: xfsBlocks },
  xfs_reflink_cancel_cow: { kind: 'xfsBlocks', fill: xfsBlocks },
  xfs_reflink_trim_around_shared: { kind: 'xfsBlocks', fill: xfsBlocks },
  xfs_itruncate_extents_start: { kind: 'xfsTruncate', fill: xfsTruncate },
  xfs_itruncate_extents_end: { kind: 'xfsTruncate', fill: xfsTruncate },
  ext4_ext_map_blocks_exit: { kind: 'ext4Blocks', fill: ext4Mapped },
  ext4_ext_handle_unwritten_extents: { kind: 'ext4Blocks', fill: ext4Unwritten },
};
const READER_OF: ReadonlyMap<string, Reader> = new Map(Object.entries(READERS));

/** Families of events that are known as such; their other members are `other`, not `unknown`. */
const FAMILIES = ['iomap_', 'xfs_', 'ext4_', 'btrfs_', 'erofs_', 'fuse_', 'mm_filemap_', 'dax_', 'jbd2_'];
const MARKERS = new Set(['tracing_mark_write', 'print']);

/** Reads event lines. Keeps nothing between lines but scratch space. */
export class EventReader {
  private readonly head: Head = { comm: '', task: 0, cpu: 0, time: 0, name: '', rest: 0 };
  private readonly fields = new Fields();

  /** The event of a line; null when the line is no event, or one cut short. */
  read(text: string, line: number): KernelEvent | null {
    const { head, fields } = this;
    if (!readHead(text, head)) return null;
    const e = new EventRecord(line, text, head.task, head.comm, head.cpu, head.time, head.name);
    const reader = READER_OF.get(head.name);
    if (reader === undefined) return this.readOther(e);
    e.kind = reader.kind;
    fields.reset(text, head.rest);
    e.dev = fields.word(' dev ');
    // Page-cache events print the inode hexadecimal without prefix; ext4's print the device with a comma.
    e.ino = e.kind === 'cacheAdd' || e.kind === 'cacheDelete' ? fields.bareHex(' ino ') : fields.number(' ino ');
    if (e.kind === 'ext4Blocks') e.dev = e.dev.replace(',', ':');
    return reader.fill(e, fields) && !fields.cut ? e.event : null;
  }

  /** A marker, or an event that only its name, device and inode say something about. */
  private readOther(e: EventRecord): KernelEvent {
    const { head, fields } = this;
    if (MARKERS.has(e.name)) {
      let marker = e.text.slice(head.rest).trim();
      if (marker.startsWith('tracing_mark_write')) marker = marker.slice(marker.indexOf(':') + 1).trim();
      e.kind = 'marker';
      e.marker = marker;
      return e.event;
    }
    e.kind = FAMILIES.some(family => e.name.startsWith(family)) ? 'other' : 'unknown';
    fields.reset(e.text, head.rest);
    if (fields.has(' dev ') && fields.has(' ino ')) {
      e.dev = fields.word(' dev ').replace(',', ':');
      e.ino = fields.number(' ino ');
    }
    return e.event;
  }
}

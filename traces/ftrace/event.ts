/**
 * From a line to a `KernelEvent`. Every event that says something about the contract has a reader in one list, by its
 * name; other events of the file systems become `other`, everything else `unknown`. An event cut short gives null.
 */
import type { KernelEvent, KernelMapping } from '../../model/contract/kernel-event.js';
import { Fields } from './fields.js';
import { mapFlagsOfNumber, readMapFlags, readMapType, readOpFlags } from './flags.js';
import { type Head, readHead } from './line.js';

type Base = Pick<KernelEvent, 'line' | 'text' | 'task' | 'comm' | 'cpu' | 'time' | 'name' | 'dev' | 'ino'>;
type Reader = (base: Base, f: Fields) => KernelEvent | null;

const mapping = (f: Fields): KernelMapping | null => {
  const addr = f.number(' addr ');
  const offset = f.number(' offset ');
  const length = f.number(' length ');
  const type = readMapType(f.between(' type ', ')'));
  const set = readMapFlags(f.between(' flags ', ')'));
  if (type === null || set === null) return null;
  return {
    bdev: '',
    addr,
    offset,
    length,
    type: type.type,
    flags: set.flags,
    unknown: set.unknown,
    named: type.named && set.named,
  };
};

const iter: Reader = (base, f) => {
  const pos = f.number(' pos ');
  const length = f.number(' length ');
  const status = f.number(' status ');
  const set = readOpFlags(f.between(' flags ', ')'));
  const ops = f.word(' ops ');
  const caller = f.word(' caller ');
  if (set === null) return null;
  const plus = caller.indexOf('+');
  return { ...base, kind: 'iter', pos, length, status, ...set, ops, caller: plus < 0 ? caller : caller.slice(0, plus) };
};

const given =
  (kind: 'dstmap' | 'srcmap'): Reader =>
  (base, f) => {
    const bdev = f.word(' bdev ');
    const record = mapping(f);
    return record && { ...base, ...record, kind, bdev };
  };

const piece: Reader = (base, f) => {
  const bdev = f.word(' bdev ');
  const pos = f.number(' pos ');
  const dirtyLength = f.number(' dirty len ');
  const record = mapping(f);
  return record && { ...base, ...record, kind: 'piece', bdev, pos, dirtyLength };
};

const range =
  (kind: 'writebackFolio' | 'zeroPiece' | 'releaseFolio' | 'invalidateFolio' | 'invalidateFail'): Reader =>
  (base, f) => ({
    ...base,
    kind,
    size: f.number(' size '),
    offset: f.number(' offset '),
    length: f.number(' length '),
  });

const read: Reader = (base, f) => ({ ...base, kind: 'read', pages: f.number(' nr_pages ') });

const dioBegin: Reader = (base, f) => ({
  ...base,
  kind: 'dioBegin',
  size: f.number(' size '),
  offset: f.number(' offset '),
  length: f.number(' length '),
  doneBefore: f.number(' done_before '),
  flags: f.between(' flags ', ' dio_flags '),
  dioFlags: f.between(' dio_flags ', ' aio '),
  aio: f.number(' aio ') !== 0,
});

const dioQueued: Reader = (base, f) => ({
  ...base,
  kind: 'dioQueued',
  size: f.number(' size '),
  offset: f.number(' offset '),
  length: f.number(' length '),
});

const dioComplete: Reader = (base, f) => ({
  ...base,
  kind: 'dioComplete',
  size: f.number(' size '),
  offset: f.number(' offset '),
  flags: f.between(' flags ', ' aio '),
  aio: f.number(' aio ') !== 0,
  error: f.number(' error '),
  ret: f.number(' ret '),
});

const cache =
  (kind: 'cacheAdd' | 'cacheDelete'): Reader =>
  (base, f) => ({ ...base, kind, offset: f.number(' ofs='), order: f.number(' order=') });

const xfsExtent: Reader = (base, f) => ({
  ...base,
  kind: 'xfsExtent',
  disize: f.number(' disize '),
  pos: f.number(' pos '),
  count: f.number(' bytecount '),
  fork: f.word(' fork '),
  startOffset: f.number(' startoff '),
  startBlock: f.number(' startblock '),
  blocks: f.number(' fsbcount '),
});

const xfsInvalid: Reader = (base, f) => ({
  ...base,
  kind: 'xfsInvalid',
  offset: f.number(' pos '),
  addr: f.number(' addr '),
  length: f.number(' bytecount '),
  type: f.number(' type '),
  flags: mapFlagsOfNumber(f.number(' flags ')),
  cookie: f.number(' validity_cookie '),
  sequence: f.number(' inodeseq '),
});

const xfsFile: Reader = (base, f) => ({
  ...base,
  kind: 'xfsFile',
  isize: f.has(' isize ') ? f.number(' isize ') : -1,
  disize: f.has(' disize ') ? f.number(' disize ') : -1,
  pos: f.number(' pos '),
  count: f.number(' bytecount '),
});

const xfsBlocks: Reader = (base, f) => ({
  ...base,
  kind: 'xfsBlocks',
  fileBlock: f.number(' fileoff '),
  blocks: f.number(' fsbcount '),
  startBlock: f.number(' startblock '),
  state: f.number(' st '),
});

const xfsTruncate: Reader = (base, f) => ({
  ...base,
  kind: 'xfsTruncate',
  disize: f.number(' disize '),
  newSize: f.number(' new_size '),
});

const ext4Mapped: Reader = (base, f) => ({
  ...base,
  kind: 'ext4Blocks',
  flags: f.between(' flags ', ' lblk '),
  fileBlock: f.number(' lblk '),
  block: f.number(' pblk '),
  blocks: f.number(' len '),
});

const ext4Unwritten: Reader = (base, f) => ({
  ...base,
  kind: 'ext4Blocks',
  fileBlock: f.number(' m_lblk '),
  block: f.number(' m_pblk '),
  blocks: f.number(' m_len '),
  flags: f.between(' flags ', ' allocated '),
});

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['iomap_iter', iter],
  ['iomap_iter_dstmap', given('dstmap')],
  ['iomap_iter_srcmap', given('srcmap')],
  ['iomap_add_to_ioend', piece],
  ['iomap_writeback_folio', range('writebackFolio')],
  ['iomap_zero_iter', range('zeroPiece')],
  ['iomap_release_folio', range('releaseFolio')],
  ['iomap_invalidate_folio', range('invalidateFolio')],
  ['iomap_dio_invalidate_fail', range('invalidateFail')],
  ['iomap_readahead', read],
  ['iomap_readpage', read],
  ['iomap_dio_rw_begin', dioBegin],
  ['iomap_dio_rw_queued', dioQueued],
  ['iomap_dio_complete', dioComplete],
  ['mm_filemap_add_to_page_cache', cache('cacheAdd')],
  ['mm_filemap_delete_from_page_cache', cache('cacheDelete')],
  ['xfs_iomap_alloc', xfsExtent],
  ['xfs_iomap_found', xfsExtent],
  ['xfs_map_blocks_alloc', xfsExtent],
  ['xfs_map_blocks_found', xfsExtent],
  ['xfs_iomap_invalid', xfsInvalid],
  ['xfs_wb_data_iomap_invalid', xfsInvalid],
  ['xfs_wb_cow_iomap_invalid', xfsInvalid],
  ['xfs_unwritten_convert', xfsFile],
  ['xfs_setfilesize', xfsFile],
  ['xfs_reflink_end_cow', xfsFile],
  ['xfs_end_io_direct_write', xfsFile],
  ['xfs_zero_eof', xfsFile],
  ['xfs_file_buffered_read', xfsFile],
  ['xfs_file_buffered_write', xfsFile],
  ['xfs_file_direct_read', xfsFile],
  ['xfs_file_direct_write', xfsFile],
  ['xfs_reflink_unshare', xfsFile],
  ['xfs_reflink_bounce_dio_write', xfsFile],
  ['xfs_reflink_remap_extent_src', xfsBlocks],
  ['xfs_reflink_remap_extent_dest', xfsBlocks],
  ['xfs_reflink_cow_remap_from', xfsBlocks],
  ['xfs_reflink_cow_remap_to', xfsBlocks],
  ['xfs_reflink_cow_found', xfsBlocks],
  ['xfs_reflink_convert_cow', xfsBlocks],
  ['xfs_reflink_cancel_cow', xfsBlocks],
  ['xfs_reflink_trim_around_shared', xfsBlocks],
  ['xfs_itruncate_extents_start', xfsTruncate],
  ['xfs_itruncate_extents_end', xfsTruncate],
  ['ext4_ext_map_blocks_exit', ext4Mapped],
  ['ext4_ext_handle_unwritten_extents', ext4Unwritten],
]);

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
    const { comm, task, cpu, time, name } = head;
    if (MARKERS.has(name)) {
      let marker = text.slice(head.rest).trim();
      if (marker.startsWith('tracing_mark_write')) marker = marker.slice(marker.indexOf(':') + 1).trim();
      return { line, text, task, comm, cpu, time, name, dev: '', ino: -1, kind: 'marker', marker };
    }
    const reader = READERS.get(name);
    if (reader === undefined) {
      const kind = FAMILIES.some(family => name.startsWith(family)) ? 'other' : 'unknown';
      return { line, text, task, comm, cpu, time, name, ...this.place(text, head), kind };
    }
    const place = this.place(text, head);
    fields.reset(text, head.rest);
    const event = reader({ line, text, task, comm, cpu, time, name, dev: place.dev, ino: place.ino }, fields);
    return fields.cut || place.dev === '' || place.ino < 0 ? null : event;
  }

  /** Device and inode, where the event has them. Page-cache events print the inode hexadecimal without prefix. */
  private place(text: string, head: Head): { dev: string; ino: number } {
    const { fields } = this;
    fields.reset(text, head.rest);
    if (!fields.has(' dev ')) return { dev: '', ino: -1 };
    const dev = fields.word(' dev ').replace(',', ':');
    if (!fields.has(' ino ')) return { dev, ino: -1 };
    const ino = head.name.startsWith('mm_filemap_') ? fields.bareHex(' ino ') : fields.number(' ino ');
    return fields.cut ? { dev: '', ino: -1 } : { dev, ino };
  }
}

/**
 * A kernel's tracepoint text as a trace: the operations that its events name with file, position and length, in the order
 * in which they began, as one task. What a kernel did can so be replayed on the model.
 *
 * Not everything can be had back. Space operations of XFS print no range, stores through a mapping no address, and bytes
 * are nowhere; what was left out is counted in the header's `origin`. A file that has a size when it is first seen starts
 * with a truncate to that size. Answers are recorded only for direct requests, and only while nothing of their file was
 * left out, so that an answer never stands for something else.
 */
import {
  type Call,
  CallFlag,
  DEFAULT_OPTIONS,
  KERNEL_GEOMETRY,
  LARGEST_FILE,
  makeCall,
  type OperationName,
  OpFlag,
} from '../../model/contract/index.js';
import type { DirectBeginEvent, IterEvent, KernelEvent, XfsFileEvent } from '../../model/contract/kernel-event.js';
import { TraceError } from '../format/errors.js';
import type { RecordedAnswer, Trace, TraceLine } from '../format/trace.js';
import { KernelTextParser } from '../ftrace/text.js';

/** An operation found; `call` is made when its file has a number and its place is known. */
interface Found {
  name: OperationName | null;
  readonly file: number;
  readonly fields: { -readonly [K in keyof Call]?: Call[K] };
  answer: RecordedAnswer | null;
}

/** Events that say only that something happened to a file. */
const LEFT_OUT = /^xfs_(?:free|zero|alloc|collapse|insert)_file_space$|^xfs_reflink_unshare$|^xfs_write_fault$/;
const FILE_SYSTEMS = ['xfs', 'ext4'] as const;

/** True if the text begins like the text of a trace buffer. */
export function looksLikeFtrace(text: string): boolean {
  const start = text.slice(0, 1 << 16);
  return /^# tracer: |^cpus=\d+$/m.test(start) || /\] [^\n]*\d+\.\d+: (?:iomap:)?iomap_iter: /.test(start);
}

/** The trace of a recording; `name` is how errors and the header call it. */
export function importFtrace(text: string, name: string): Trace {
  const importer = new Importer();
  const parser = new KernelTextParser({ event: event => importer.event(event), note: () => undefined });
  parser.push(Buffer.from(text, 'latin1'));
  parser.end();
  if (parser.events === 0) throw new TraceError(name, 1, 'tracepoint events', 'none');
  return importer.trace(name);
}

class Importer {
  private readonly found: Found[] = [];
  private readonly files = new Map<string, number>();
  private readonly names: string[] = [];
  private readonly sizes: number[] = [];
  private readonly whole: boolean[] = [];
  private readonly leftOut = new Map<string, number>();
  /** Tasks whose mapping in hand has not been ended. */
  private readonly holding = new Map<number, string>();
  private readonly direct = new Map<number, Found>();
  private readonly requests: { readonly begin: DirectBeginEvent; readonly found: Found }[] = [];
  private readonly writing = new Map<number, Found>();
  private readonly zeroing = new Map<number, Found>();
  private readonly blockSizes = new Map<number, number>();
  private extent: { readonly task: number; readonly start: number } | null = null;
  private fs = '';

  event(event: KernelEvent): undefined {
    switch (event.kind) {
      case 'iter':
        return this.iterates(event);
      case 'dstmap':
        this.holding.set(event.task, `${event.ino}`);
        if (this.extent?.task === event.task && this.extent.start > 0) {
          const size = event.offset / this.extent.start;
          this.blockSizes.set(size, (this.blockSizes.get(size) ?? 0) + 1);
        }
        this.extent = null;
        return;
      case 'xfsExtent':
        this.extent = { task: event.task, start: event.startOffset };
        return;
      case 'ext4Blocks':
        this.extent = { task: event.task, start: event.fileBlock };
        return;
      case 'dioBegin':
        return this.directBegins(event);
      case 'dioComplete': {
        const at = this.requests.findIndex(
          ({ begin }) =>
            begin.ino === event.ino &&
            begin.offset + Math.max(0, event.ret > 0 ? event.ret - begin.doneBefore : 0) === event.offset,
        );
        const [request] = at < 0 ? [] : this.requests.splice(at, 1);
        if (request !== undefined) this.directEnds(request.found, event.ret);
        return;
      }
      case 'xfsFile':
        return this.xfs(event);
      case 'xfsTruncate': {
        const file = this.file(event, event.newSize);
        if (event.newSize < this.sizes[file]!) this.add('truncate', file, { size: event.newSize });
        return;
      }
      case 'writebackFolio':
      case 'releaseFolio':
        this.sizes[this.file(event, event.size)] = event.size;
        return;
      case 'other':
        return this.other(event);
      default:
    }
  }

  trace(name: string): Trace {
    const lines: TraceLine[] = [];
    for (const { name: operation, file, fields, answer } of this.found) {
      if (operation === null) continue;
      lines.push({ kind: 'operation', call: makeCall(lines.length + 1, operation, file, fields), answer });
    }
    const [blockSize = KERNEL_GEOMETRY.blockSize] = [...this.blockSizes]
      .filter(([size]) => size >= 512 && size <= 65536 && Number.isInteger(Math.log2(size)))
      .sort(([, a], [, b]) => b - a)
      .map(([size]) => size);
    const left = [...this.leftOut].map(([event, count]) => `${event} ×${count}`).join(', ');
    const kernel = KERNEL_GEOMETRY;
    return {
      header: {
        kernel: 'next',
        fs: FILE_SYSTEMS.find(fs => this.fs === fs) ?? 'xfs',
        options: DEFAULT_OPTIONS,
        geometry: {
          ...kernel,
          blockSize,
          maxFolioSize: Math.max(kernel.maxFolioSize, blockSize),
          deviceBlocks: Math.ceil((kernel.deviceBlocks * kernel.blockSize) / blockSize),
        },
        device: { writeThrough: false },
        files: this.names,
        origin: `kernel trace ${name.replace(/^.*\//, '')}${left === '' ? '' : `; left out: ${left}`}`,
      },
      lines,
      verdict: { kind: 'clean' },
    };
  }

  /** The number of an event's file. One that has a size already when it is first seen gets it first. */
  private file(event: KernelEvent, size: number): number {
    const key = `${event.dev} ${event.ino}`;
    let file = this.files.get(key);
    if (file === undefined) {
      file = this.names.length;
      this.files.set(key, file);
      this.names.push(`inode-${event.ino}${this.names.includes(`inode-${event.ino}`) ? `-${event.dev}` : ''}`);
      this.sizes.push(Math.max(0, size));
      this.whole.push(size <= 0);
      if (size > 0) this.add('truncate', file, { size });
    }
    return file;
  }

  private add(name: OperationName | null, file: number, fields: Found['fields']): Found {
    const found: Found = { name, file, fields, answer: null };
    this.found.push(found);
    return found;
  }

  private tag(): number {
    return 1 + (this.found.length % 200);
  }

  private iterates(event: IterEvent): undefined {
    const holds = this.holding.delete(event.task);
    if (this.fs === '') this.fs = event.ops.split('_', 1)[0] ?? '';
    if (event.caller === '__iomap_dio_rw') {
      const found = this.direct.get(event.task);
      if (found?.name === null) found.name = (event.flags & OpFlag.WRITE) !== 0 ? 'dwrite' : 'dread';
      if (found?.name === 'dwrite') found.fields.data = this.tag();
      return;
    }
    if (event.caller === 'iomap_file_buffered_write' && this.fs !== 'xfs') return this.writes(event, holds);
    if (holds) return;
    const file = this.files.get(`${event.dev} ${event.ino}`) ?? this.file(event, event.pos + event.length);
    if (event.caller === 'iomap_seek_data') this.add('seekData', file, { offset: event.pos });
    else if (event.caller === 'iomap_seek_hole') this.add('seekHole', file, { offset: event.pos });
    else if (event.caller === 'iomap_fiemap') {
      this.add('fiemap', file, { offset: event.pos, length: LARGEST_FILE - event.pos, flags: CallFlag.FLUSH });
    }
  }

  /** A buffered write of a file system that does not announce it grows with every mapping. */
  private writes(event: IterEvent, holds: boolean): undefined {
    const before = this.writing.get(event.task);
    if (holds && before !== undefined) {
      before.fields.length = event.pos - (before.fields.offset ?? 0);
      return;
    }
    const found = this.add('write', this.file(event, 0), { offset: event.pos, length: 0, data: this.tag() });
    this.writing.set(event.task, found);
  }

  private directBegins(event: DirectBeginEvent): undefined {
    const file = this.file(event, event.size);
    const words = event.requestFlags.split('|');
    const flags =
      (words.includes('NOWAIT') ? CallFlag.NOWAIT : 0) |
      (words.includes('DSYNC') && !words.includes('SYNC') ? CallFlag.DSYNC : 0) |
      (words.includes('SYNC') ? CallFlag.SYNC : 0);
    const found = this.add(null, file, { offset: event.offset, length: event.length, flags });
    // XFS tries an overwrite first and comes back: one call of the application.
    if (event.dioFlags.includes('OVERWRITE_ONLY')) found.answer = { errno: 0 };
    this.direct.set(event.task, found);
    this.requests.push({ begin: event, found });
  }

  private directEnds(found: Found, ret: number): undefined {
    const isTry = found.answer !== null;
    found.answer = null;
    if (isTry && ret === -11) found.name = null;
    else if (this.whole[found.file] === true && ret > 0) found.answer = { length: ret };
    if (found.name === 'dread') found.fields.flags = (found.fields.flags ?? 0) & ~(CallFlag.DSYNC | CallFlag.SYNC);
  }

  private xfs(event: XfsFileEvent): undefined {
    this.fs = 'xfs';
    const file = this.file(event, event.isize >= 0 ? event.isize : event.disize);
    const range = { offset: event.pos, length: event.count };
    if (event.isize >= 0) this.sizes[file] = event.isize;
    switch (event.name) {
      case 'xfs_file_buffered_read':
        this.add('read', file, range);
        break;
      case 'xfs_file_buffered_write':
      case 'xfs_file_direct_write': {
        // The zeroing before it was the write's own.
        const zeroed = this.zeroing.get(event.task);
        if (zeroed !== undefined && zeroed.fields.size === event.pos) zeroed.name = null;
        if (event.name === 'xfs_file_buffered_write') this.add('write', file, { ...range, data: this.tag() });
        break;
      }
      case 'xfs_zero_eof':
        this.zeroing.set(event.task, this.add('truncate', file, { size: event.pos + event.count }));
        return;
      default:
        if (LEFT_OUT.test(event.name)) this.leave(event, file);
        return;
    }
    this.zeroing.delete(event.task);
  }

  private leave(event: KernelEvent, file: number): void {
    this.whole[file] = false;
    this.leftOut.set(event.name, (this.leftOut.get(event.name) ?? 0) + 1);
  }

  private other(event: KernelEvent): undefined {
    if (event.ino < 0) return;
    const { name, text } = event;
    const number = (label: string): number => Number(new RegExp(` ${label} (0x[0-9a-f]+|\\d+)`).exec(text)?.[1] ?? 0);
    if (name === 'xfs_file_fsync' || name === 'ext4_sync_file_enter') {
      this.add('fsync', this.file(event, 0), {});
    } else if (name === 'ext4_da_write_begin') {
      this.add('write', this.file(event, 0), { offset: number('pos'), length: number('len'), data: this.tag() });
    } else if (name === 'xfs_reflink_remap_range') {
      const ends = /bytecount (\w+) ino (\w+) .* pos (\w+) -> ino (\w+) .* pos (\w+)/.exec(text)?.slice(1).map(Number);
      if (ends === undefined) return;
      const [length = 0, from = 0, fromOffset = 0, to = 0, offset = 0] = ends;
      const fromFile = this.file({ ...event, ino: from }, 0);
      this.add('reflink', this.file({ ...event, ino: to }, 0), { offset, length, fromFile, fromOffset });
    } else {
      const space = EXT4_SPACE[name];
      const file = this.file(event, 0);
      if (space !== undefined) {
        const flags = text.includes('KEEP_SIZE') && space !== 'punch' ? CallFlag.KEEP_SIZE : 0;
        this.add(space, file, { offset: number('offset'), length: number('len'), flags });
      } else if (LEFT_OUT.test(name) || name === 'ext4_truncate_enter') this.leave(event, file);
    }
  }
}

const EXT4_SPACE: Readonly<Record<string, OperationName>> = {
  ext4_punch_hole: 'punch',
  ext4_zero_range: 'zero',
  ext4_collapse_range: 'collapse',
  ext4_insert_range: 'insert',
  ext4_fallocate_enter: 'falloc',
};

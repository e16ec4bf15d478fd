/**
 * What comes back after a shutdown. Where nothing forced a step out several outcomes are permitted, so a recording and a
 * target may go different ways (invariants.md section 9): files that did are *parted*, and nothing of theirs is compared
 * any more. What the recording found is known from the whole files that it read after the mount, by their bytes or by the
 * digest of what the file held at some moment; or because nothing was open.
 */
import {
  type Bytes,
  type Call,
  CallFlag,
  type CallId,
  type FileId,
  LOOKING,
  type OperationName,
  operationShape,
} from '../../model/contract/index.js';
import { CrashJudge, contentsOf, type ReferenceModel, type Timeline, windowAt } from '../../model/files/index.js';
import type { RecordedAnswer } from '../../traces/format/index.js';
import { LAYOUT } from './compare.js';
import { bytesOf, digest } from './observe.js';
import { type Question, UNRECORDED } from './session.js';

/** Calls that leave contents and sizes as they are, beside those that only look. */
const KEEPING: ReadonlySet<OperationName> = new Set([
  'fsync',
  'fdatasync',
  'sync',
  'syncRange',
  'msync',
  'open',
  'close',
  'mmap',
  'munmap',
  'dropCaches',
]);

export class Mounts {
  /** What is permitted when the file system that was shut down is mounted again; null while it is up. */
  down: CrashJudge | null = null;
  private readonly oracle: ReferenceModel;
  private timeline: Timeline | null;
  private program: readonly Call[] = [];
  private recordedOf: (call: Call) => Question = () => UNRECORDED;
  private readonly parted = new Set<FileId>();
  /** Files that have shared blocks, and those of which it is not known where data lie. */
  private readonly sharers = new Set<FileId>();
  private readonly scattered = new Set<FileId>();

  /** `active`: the file system is shut down somewhere, and nothing is known of the device but what was answered. */
  constructor(oracle: ReferenceModel, active: boolean) {
    this.oracle = oracle;
    this.timeline = active ? oracle.recordCrashes(() => 0) : null;
  }

  foresee(calls: readonly Call[], question: (call: Call) => Question): void {
    this.program = calls;
    this.recordedOf = question;
  }

  /** Told of each call, of a shutdown before anything comes after it. */
  called({ name, file, fromFile, flags }: Call): void {
    if (this.timeline === null) return;
    if (name === 'shutdown')
      this.down = new CrashJudge(windowAt(this.timeline, Number.POSITIVE_INFINITY, (flags & CallFlag.FLUSH) !== 0));
    if (!operationShape(name).fields.includes('from')) return;
    this.sharers.add(file).add(fromFile);
    if (this.parted.has(fromFile)) this.parted.add(file);
    if (this.scattered.has(fromFile)) this.scattered.add(file);
  }

  /** The oracle took over what is there; another shutdown may come. */
  mounted(): void {
    this.down = null;
    this.timeline = this.oracle.recordCrashes(() => 0);
  }

  /** What came back is as recorded, or it is not, or nobody knows. */
  settle(file: FileId, asRecorded: boolean): void {
    if (asRecorded) this.parted.delete(file);
    else this.parted.add(file);
  }

  /** Whether what this call answers, or what is asked about this file, is compared with the recording. */
  compares(file: FileId, name: OperationName | null = null): boolean {
    return !this.parted.has(file) && !(name !== null && LAYOUT.has(name) && this.scattered.has(file));
  }

  /** The contents of each file that the recording found after `mount`; null where that is not known. */
  found(mount: CallId, blockSize: Bytes): ReadonlyMap<FileId, Uint8Array | null> {
    const place = this.program.findIndex(({ id }) => id === mount);
    const later = this.program.slice(place + 1);
    const found = new Map<FileId, Uint8Array | null>();
    for (const { line, base, last } of this.down?.window.files ?? []) {
      const { file, moments } = line;
      const window = moments.slice(base, last + 1);
      const seen = this.readWhole(file, later);
      let bytes: Uint8Array | null = null;
      if (seen?.runs !== undefined) bytes = bytesOf(seen.runs);
      else if (seen?.sha256 !== undefined) {
        const contents = window.map(moment => contentsOf(moment, seen.length ?? 0));
        bytes = contents.find(each => digest(each) === seen.sha256) ?? null;
      } else if (window.length === 1 && window[0]!.sizeLeast === window[0]!.size && !this.parted.has(file))
        bytes = contentsOf(window[0]!, window[0]!.size);
      found.set(file, bytes);
      if (bytes === null || this.sharers.has(file) || hasZeroBlock(bytes, blockSize)) this.scattered.add(file);
      else this.scattered.delete(file);
    }
    return found;
  }

  /** What was read of the whole file before anything changed it. */
  private readWhole(file: FileId, calls: readonly Call[]): RecordedAnswer | null {
    for (const call of calls) {
      if (call.name === 'shutdown' || call.name === 'remount') return null;
      if (call.file !== file) continue;
      if (!LOOKING.has(call.name) && !KEEPING.has(call.name)) return null;
      const { recorded } = this.recordedOf(call);
      if (call.name === 'read' && call.offset === 0 && recorded?.length !== undefined && recorded.length < call.length)
        return recorded;
    }
    return null;
  }
}

/** Whether such a block is a hole, unwritten or written the contents do not tell. */
function hasZeroBlock(bytes: Uint8Array, blockSize: Bytes): boolean {
  for (let at = 0; at < bytes.length; at += blockSize)
    if (!bytes.subarray(at, at + blockSize).some(byte => byte !== 0)) return true;
  return false;
}

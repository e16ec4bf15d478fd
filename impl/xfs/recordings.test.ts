/**
 * What a real XFS did, done again: the fsx logs and the short cases, compared in sizes, contents, counts, errno, data
 * extents and cold seeks. The cases run with the journal on the device, the logs with the one in memory.
 */
import { createHash } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import {
  type Answer,
  CallFlag,
  type Data,
  DEFAULT_OPTIONS,
  errnoName,
  KERNEL_GEOMETRY,
  makeCall,
  type OperationName,
  type ReportedExtent,
  silence,
  type Target,
  uneventful,
} from '../../model/contract/index.js';
import { xfsFactory } from '../target.js';
import { Driver } from '../testing/driver.js';
import { type CaseStep, type Piece, readCase, readFsxLog, recordingNames, type Step } from '../testing/recordings.js';

const factory = xfsFactory();
/** A device of the size of the recordings' costs time to make; this is more than any of them uses. */
const DEVICE_BYTES = 64 * 2 ** 20;

function makeTarget(blockSize: number, files: number, journal: 'device' | 'memory'): Target {
  return factory.create({
    fs: 'xfs',
    geometry: { ...KERNEL_GEOMETRY, blockSize, deviceBlocks: DEVICE_BYTES / blockSize },
    options: DEFAULT_OPTIONS,
    files,
    chooser: uneventful,
    sink: silence,
    recordDevice: false,
    writeThrough: false,
    journal,
  });
}

/** Calls by name, on one target. */
class Session {
  readonly driver: Driver;
  private readonly target: Target;
  private next = 1;

  constructor(blockSize: number, files = 1, journal: 'device' | 'memory' = 'memory') {
    this.target = makeTarget(blockSize, files, journal);
    this.driver = new Driver(this.target);
  }

  call(name: OperationName, file: number, fields: Omit<Step, 'name'> & { fromFile?: number } = {}): Answer {
    return this.driver.call(makeCall(this.next++, name, file, fields));
  }

  size(file: number): number {
    return this.target.view!.file(file).isize;
  }

  sha256(file: number): string {
    const hash = createHash('sha256');
    const size = this.size(file);
    for (let at = 0; at < size; at += 2 ** 20) {
      const answer = this.call('read', file, { offset: at, length: Math.min(2 ** 20, size - at) });
      hash.update(answer.bytes.subarray(0, answer.count));
    }
    return hash.digest('hex');
  }

  seekMap(file: number): Piece[] {
    const pieces: Piece[] = [];
    const size = this.size(file);
    for (let at = 0; at < size; ) {
      const data = this.call('seekData', file, { offset: at });
      const start = data.error !== 0 ? size : data.count;
      if (start > at) pieces.push({ type: 'hole', offset: at, length: start - at });
      if (start === size) break;
      const hole = this.call('seekHole', file, { offset: start }).count;
      pieces.push({ type: 'data', offset: start, length: hole - start });
      at = hole;
    }
    return pieces;
  }

  extents(file: number, sync = true): Piece[] {
    const answer = this.call('fiemap', file, { offset: 0, length: 2 ** 52, flags: sync ? CallFlag.FLUSH : 0 });
    return join(answer.extents);
  }
}

function join(extents: readonly ReportedExtent[]): Piece[] {
  const pieces: { type: Piece['type']; offset: number; length: number; shared: boolean }[] = [];
  for (const extent of extents) {
    const type = extent.unwritten ? 'unwritten' : 'data';
    const last = pieces.at(-1);
    if (last?.type === type && last.shared === extent.shared && last.offset + last.length === extent.logical)
      last.length += extent.length;
    else pieces.push({ type, offset: extent.logical, length: extent.length, shared: extent.shared });
  }
  return pieces;
}

/** Only data below the end is the same on every correct file system: joined, whatever is shared. */
function dataOf(pieces: readonly Piece[], blockSize: number, size: number): [number, number][] {
  const end = Math.ceil(size / blockSize) * blockSize;
  const data: [number, number][] = [];
  for (const { type, offset, length } of pieces) {
    const stop = Math.min(end, offset + length);
    if (type !== 'data' || offset >= stop) continue;
    const last = data.at(-1);
    if (last?.[1] === offset) last[1] = stop;
    else data.push([offset, stop]);
  }
  return data;
}

for (const name of recordingNames('fsx-ops', '.fsxops'))
  test(`the fsx log ${name} gives the file it gave on a real kernel`, t => {
    const log = readFsxLog(name);
    const { expected, blockSize } = log;
    const session = new Session(blockSize);
    const checkpoints = new Map(expected.checkpoints.map(point => [point.afterLine, point]));
    for (const [index, steps] of log.lines.entries()) {
      for (const step of steps) {
        const answer = session.call(step.name, 0, step);
        t.is(errnoName(answer.error), 'ok', `line ${index + 1}: ${step.name}`);
      }
      const point = checkpoints.get(index + 1);
      if (point === undefined) continue;
      t.is(session.size(0), point.size, `size after line ${index + 1}`);
      t.is(session.sha256(0), point.sha256, `contents after line ${index + 1}`);
    }
    t.is(errnoName(session.call('fsync', 0).error), 'ok');
    t.deepEqual(
      dataOf(session.extents(0), blockSize, expected.size),
      dataOf(expected.extents, blockSize, expected.size),
      'data extents',
    );
    session.call('remount', 0);
    t.is(session.size(0), expected.size);
    t.deepEqual(session.seekMap(0), expected.seekCold, 'data and holes after mounting again');
    t.is(session.sha256(0), expected.sha256, 'contents after mounting again');
  });

/** Operations of the cases whose names differ from ours. */
const NAMES: Readonly<Record<string, OperationName>> = {
  mwrite: 'mapwrite',
  mread: 'mapread',
  sync_range: 'syncRange',
  drop_caches: 'dropCaches',
  seek_data: 'seekData',
  seek_hole: 'seekHole',
};

function patternOf(step: CaseStep): Data {
  const { pattern } = step;
  if (pattern === undefined) return 0;
  return pattern.byte === undefined ? { case: pattern.tag ?? 0 } : { byte: pattern.byte };
}

function runStep(
  t: ExecutionContext,
  session: Session,
  step: CaseStep,
  at: number,
  fileOf: (n?: string) => number,
): void {
  const file = fileOf(step.file);
  const expect = step.expect ?? {};
  const title = `step ${at + 1}: ${step.op}`;
  if (step.op === 'seek_map') {
    t.deepEqual(session.seekMap(file), [...(expect.map ?? [])], title);
    return;
  }
  if (step.op === 'sha256') {
    t.is(session.sha256(file), expect.sha256 ?? '', title);
    return;
  }
  if (step.op === 'fiemap') {
    const size = session.size(file);
    const { blockSize } = KERNEL_GEOMETRY;
    t.deepEqual(
      dataOf(session.extents(file, step.sync === true), blockSize, size),
      dataOf(expect.extents ?? [], blockSize, size),
      title,
    );
    return;
  }
  const flags =
    (step.keepSize ? CallFlag.KEEP_SIZE : 0) |
    (step.dsync ? CallFlag.DSYNC : 0) |
    (step.op === 'drop_caches' && step.flush !== false ? CallFlag.FLUSH : 0) |
    (step.logFlush ? CallFlag.FLUSH : 0);
  const answer = session.call(NAMES[step.op] ?? (step.op as OperationName), file, {
    offset: step.dstOffset ?? step.offset ?? 0,
    length: step.length ?? 0,
    size: step.size ?? 0,
    data: patternOf(step),
    flags,
    fromFile: fileOf(step.src),
    fromOffset: step.srcOffset ?? 0,
  });
  t.is(errnoName(answer.error), expect.errno ?? 'ok', title);
  if (['read', 'dread', 'mread'].includes(step.op) && expect.errno === undefined) {
    t.is(answer.count, expect.length ?? step.length ?? 0, `${title}: count`);
    if (expect.sha256 !== undefined)
      t.is(
        createHash('sha256').update(answer.bytes.subarray(0, answer.count)).digest('hex'),
        expect.sha256,
        `${title}: bytes`,
      );
  }
  if (step.op === 'stat') {
    t.is(answer.size, expect.size ?? -1, `${title}: size`);
    t.is(answer.blocks512, expect.blocks512 ?? -1, `${title}: blocks`);
  }
  if (expect.status !== undefined) t.is(answer.differs, expect.status === 'differs', `${title}: status`);
  if (expect.bytes !== undefined) t.is(answer.count, expect.bytes, `${title}: bytes`);
  if (step.op.startsWith('seek_') && expect.offset !== undefined) t.is(answer.count, expect.offset, title);
}

for (const name of recordingNames('fstests-cases', '.json')) {
  const recorded = readCase(name);
  test(`the case ${name} answers what it answered on a real kernel`, t => {
    const names: string[] = [];
    const fileOf = (file = 'testfile'): number => {
      if (!names.includes(file)) names.push(file);
      return names.indexOf(file);
    };
    const session = new Session(recorded.blockSize, 6, 'device');
    for (const [at, step] of recorded.ops.entries()) runStep(t, session, step, at, fileOf);
    for (const [file, expected] of Object.entries(recorded.expected.files)) {
      const id = fileOf(file);
      session.call('fsync', id);
      session.call('close', id);
      t.is(session.size(id), expected.size, `${file}: size`);
      t.is(session.sha256(id), expected.sha256, `${file}: contents`);
      t.deepEqual(
        dataOf(session.extents(id), recorded.blockSize, expected.size),
        dataOf(expected.extents, recorded.blockSize, expected.size),
        `${file}: data extents`,
      );
    }
    session.call('remount', 0);
    for (const [file, expected] of Object.entries(recorded.expected.files))
      t.deepEqual(session.seekMap(fileOf(file)), expected.seek, `${file}: data and holes after mounting again`);
  });
}

if (recordingNames('fsx-ops', '.fsxops').length === 0)
  test.skip('recordings of a real kernel are reproduced (needs ../shared)', t => t.pass());

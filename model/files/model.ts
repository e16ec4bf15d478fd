/**
 * The reference model as an oracle: keeps the state, lets each operation say what is permitted, judges the answer, runs
 * the operation's steps. An operation happens when it is answered, because only its answer tells how far it came;
 * whatever overlaps it in time is `judge/overlap.ts`'s business, injected failures are told by `effect` and widen what is
 * permitted for the call and the files they touch. Sequential use never leaves this file's short path.
 */
import {
  type Answer,
  type Bytes,
  type Call,
  CallFlag,
  type CallId,
  EAGAIN,
  EFAULT,
  EINTR,
  EINVAL,
  EIO,
  ENOMEM,
  ENOSPC,
  type Errno,
  errnoName,
  type FileId,
  type FileSystemOptions,
  type Finding,
  type Geometry,
  isBackground,
  makeCall,
  type OperationName,
  operationTable,
} from '../contract/index.js';
import { adoptRecovered } from './crash/adopt.js';
import type { Medium, RecoveredFile } from './crash/recovered.js';
import { Timeline } from './crash/timeline.js';
import { type BlockView, viewBlock } from './judge/block-view.js';
import { firstWrong } from './judge/content.js';
import { explainByte } from './judge/explain.js';
import { Faults } from './judge/faults.js';
import { finding } from './judge/findings.js';
import { judgeWhole, likelyPieces } from './judge/layout.js';
import { loosen } from './judge/loosen.js';
import type { Sizes } from './judge/open-calls.js';
import { judgeMap, seekMap } from './judge/seek-map.js';
import { mayHaveGrown } from './judge/sizes.js';
import { operations } from './operations/index.js';
import { describe, Expected, flagged, type Operation } from './operations/operation.js';
import type { Effect, FileState, LayoutPiece, Oracle, SeekPiece } from './oracle.js';
import type { FileModel } from './state/file.js';
import { hashOf } from './state/hash.js';
import { dropAllCache, mayReserveCow } from './state/map.js';
import { mayBeFull } from './state/space.js';
import { State } from './state/state.js';

export interface ModelConfig {
  readonly geometry: Geometry;
  readonly options: FileSystemOptions;
  readonly files: number;
  readonly fs: 'xfs';
}

/** An oracle that can be used again for another sequence. */
export interface ReferenceModel extends Oracle {
  /** Empty files that were never used, with these options or those of before; keeps the memory. */
  reset(options?: FileSystemOptions): void;
  /** What is known of the block that holds `offset`. */
  block(file: FileId, offset: Bytes): BlockView;
  /** Copy-on-write space may be reserved for the file, anywhere. */
  hasCopyOnWrite(file: FileId): boolean;
  readonly geometry: Geometry;
  /** From now on remembers what a crash may bring back; `now` is the length of the device history. Until `reset`. */
  recordCrashes(now: () => number): Timeline;
  /** A crash happened and was judged: goes on in what was recovered. Recording ends. */
  adopt(files: readonly RecoveredFile[], medium: Medium): void;
}

/** The errors that stop an operation half way; others refuse it before it began. */
const BREAKING: ReadonlySet<Errno> = new Set([EIO, ENOMEM, ENOSPC, EINTR, EFAULT]);

/** They ask the file system for mappings, which it has none to give of after a shutdown (RP-02). */
const REPORTS: ReadonlySet<OperationName> = new Set(['seekData', 'seekHole', 'fiemap']);

/** An atomic request that no single bio can carry is refused when it has its blocks already (DIO-25). */
function isBroken(call: Call, error: Errno): boolean {
  return BREAKING.has(error) || (error === EINVAL && flagged(call, CallFlag.ATOMIC));
}

export class Model implements ReferenceModel {
  private readonly plain: State;
  private readonly expectation = new Expected();
  private readonly alternative = new Expected();
  /** The calls that were in progress when the file system was shut down; null while it is up. */
  private shutdown: ReadonlySet<CallId> | null = null;
  private readonly faults = new Faults();
  private timeline: Timeline | null = null;

  readonly geometry: Geometry;

  constructor(config: ModelConfig) {
    this.geometry = config.geometry;
    this.plain = new State(config.geometry, config.options, config.files);
  }

  reset(options: FileSystemOptions = this.plain.options): void {
    this.plain.reset(options);
    this.shutdown = null;
    this.faults.reset();
    this.timeline = null;
  }

  recordCrashes(now: () => number): Timeline {
    this.timeline = new Timeline(this.plain, now);
    return this.timeline;
  }

  adopt(files: readonly RecoveredFile[], medium: Medium): void {
    adoptRecovered(this.plain, files, medium);
    this.shutdown = null;
    this.faults.reset();
    this.timeline = null;
  }

  invoke(call: Call): void {
    // Readahead fills the cache at no certain moment, as a read does.
    if (isBackground(call) && call.name !== 'readahead') this.plain.overlap.disturb();
    else {
      this.plain.overlap.began(this.plain, call);
      if (!isBackground(call)) this.timeline?.began(call);
    }
  }

  respond(call: Call, answer: Answer): Finding | null {
    const { plain: state } = this;
    const operation = operationOf(call);
    state.overlap.judge(state, call);
    if (call.name === 'remount') this.shutdown = null;
    if (this.shutdown !== null) return this.respondDown(this.shutdown, operation, call, answer);
    if (call.name === 'shutdown' && answer.error === 0)
      this.shutdown = new Set(Array.from(state.overlap.calls(), ({ id }) => id));
    const expected = this.expect(operation, call);
    const wrong = this.judgeResult(operation, call, answer, expected) ?? this.judgeCarried(operation, call, answer);
    if (wrong === null) this.apply(operation, call, answer);
    state.overlap.ended();
    if (!this.faults.none) this.faults.answered(state, call);
    this.timeline?.answered(call, answer);
    return wrong;
  }

  /** What was in progress when the file system stopped may have got anywhere; what came later changes nothing (CR-91). */
  private respondDown(caught: ReadonlySet<CallId>, operation: Operation, call: Call, answer: Answer): Finding | null {
    this.plain.overlap.ended();
    // A sync that reports no errors promises nothing then.
    if (caught.has(call.id) || answer.error !== 0) this.timeline?.answered(call, answer);
    const rule = operation.changes !== undefined ? 'CR-91' : REPORTS.has(call.name) ? 'RP-02' : null;
    if (answer.error === EIO || rule === null || caught.has(call.id)) return null;
    const text = `${call.name} #${call.id} on file ${call.file} did not answer EIO after the file system was shut down`;
    return finding(rule, call, call.offset, call.length, text);
  }

  private expect(operation: Operation, call: Call): Expected {
    const { plain: state, expectation } = this;
    expectation.clear();
    const file = state.file(call.file);
    const source = state.file(call.fromFile);
    const { contended } = state.overlap;
    const certain = file.sizeLeast === file.size && source.sizeLeast === source.size;
    if (certain && !contended) operation.expect(state, call, expectation);
    else this.expectAmong(operation, call, file, source);
    if (contended) loosen(state, operation, call, expectation);
    if (!this.faults.none) this.faults.widen(operation, call, expectation);
    if (operation.flushes === true && (file.flushMayFail || source.flushMayFail))
      for (const errno of [...file.flushErrors, ...source.flushErrors]) expectation.or(errno);
    if (flagged(call, CallFlag.ATOMIC)) expectation.undivided(call.length);
    return expectation;
  }

  /** The size is one of several, after a failure or while calls overlap: what any permits is permitted. */
  private expectAmong(operation: Operation, call: Call, file: FileModel, source: FileModel): void {
    const { plain: state, expectation } = this;
    const { size } = file;
    const { size: sourceSize } = source;
    const sizes = sizesOf(file, state.overlap.sizes());
    const sourceSizes = sizesOf(source, state.overlap.sourceSizes());
    const expectAt = (fileSize: Bytes, itsSourceSize: Bytes, expected: Expected): Expected => {
      source.size = itsSourceSize;
      file.size = fileSize;
      return operation.expect(state, call, expected);
    };
    expectAt(sizes.most, sourceSizes.most, expectation);
    const others = [
      [size, sourceSize],
      [sizes.least, sourceSizes.least],
    ] as const;
    for (const [one, other] of others) {
      this.alternative.clear();
      expectation.permit(expectAt(one, other, this.alternative));
    }
    source.size = sourceSize;
    file.size = size;
  }

  private judgeResult(operation: Operation, call: Call, answer: Answer, expected: Expected): Finding | null {
    const { error, count } = answer;
    if (error !== 0) {
      if (expected.errors.includes(error) || this.noSpace(operation, error)) return null;
      return this.surprise(operation, call, errnoName(error), expected);
    }
    if (!expected.success)
      return this.surprise(operation, call, count === 0 ? 'success' : `success with ${count}`, expected);
    if (count >= expected.least && count <= expected.most) return null;
    const divisible = !flagged(call, CallFlag.ATOMIC);
    if (divisible && count > 0 && count < expected.least && this.noSpace(operation, ENOSPC)) return null;
    return this.surprise(operation, call, String(count), expected);
  }

  private noSpace(operation: Operation, error: Errno): boolean {
    return error === ENOSPC && operation.blocks !== undefined && mayBeFull(this.plain, this.wanted());
  }

  /** Blocks that the open calls may want, the judged one among them. */
  private wanted(): number {
    let sum = 0;
    for (const call of this.plain.overlap.calls()) sum += operationOf(call).blocks?.(this.plain, call) ?? 0;
    return sum;
  }

  private surprise(operation: Operation, call: Call, got: string, expected: Expected): Finding {
    const text = `${call.name} #${call.id} on file ${call.file} answered ${got}; expected ${describe(expected)}`;
    return finding(operation.rule, call, call.offset, call.length, text);
  }

  private judgeCarried(operation: Operation, call: Call, answer: Answer): Finding | null {
    if (answer.error !== 0 || operation.judge === undefined) return null;
    const { overlap } = this.plain;
    if (overlap.contended && operation.reports === true) return null;
    // Whether blocks are shared is up to other files too.
    if (overlap.accompanied && call.name === 'fiemap') return null;
    return operation.judge(this.plain, call, answer);
  }

  private apply(operation: Operation, call: Call, answer: Answer): void {
    const { plain: state } = this;
    const { error } = answer;
    // Refused before it did anything.
    if (error !== 0 && error !== EAGAIN && !isBroken(call, error)) return;
    state.faulted = this.faults.mayStop(call);
    if (operation.changes !== undefined && state.overlap.sharedThen(state)) mayReserveCow(state, state.file(call.file));
    if (state.overlap.active && state.overlap.contended) this.runAmongOthers(operation, call, answer);
    else this.run(operation, call, answer);
  }

  private runAmongOthers(operation: Operation, call: Call, answer: Answer): void {
    const { plain: state } = this;
    state.overlap.applying(state, call, answer, operation.changes ?? null, () => this.run(operation, call, answer));
  }

  private run(operation: Operation, call: Call, answer: Answer): void {
    const { plain: state } = this;
    if (answer.error !== 0) {
      if (answer.error === EAGAIN) operation.refused?.(state, call);
      else operation.broken?.(state, call, answer.error);
      return;
    }
    const file = state.file(call.file);
    const { size, sizeLeast } = file;
    for (const step of operation.steps) step(state, call, answer.count, answer.error);
    if (sizeLeast < size) mayHaveGrown(file, sizeLeast, size, call, answer.count);
  }

  effect(effect: Effect): void {
    const { plain: state } = this;
    if (effect.kind === 'cache-dropped') {
      dropAllCache(state, state.file(effect.file));
      return;
    }
    if (effect.kind === 'order-unknown') {
      state.overlap.anyOrder = true;
      return;
    }
    if (this.faults.happened(state, effect)) this.timeline?.failed(effect.call);
  }

  answer(call: Call, into: Answer): Answer {
    const operation = operationOf(call);
    const expected = this.expect(operation, call);
    into.clear();
    if (this.shutdown !== null && call.name !== 'remount') into.error = EIO;
    else if (!expected.success) into.error = expected.errors[0] ?? 0;
    else {
      into.count = expected.count;
      operation.fill?.(this.plain, call, into);
    }
    return into;
  }

  describeExpected(call: Call): string {
    return describe(this.expect(operationOf(call), call));
  }

  size(file: FileId): Bytes {
    return this.plain.file(file).size;
  }

  certainSize(id: FileId): Bytes {
    const { size, sizeLeast } = this.plain.file(id);
    return sizeLeast === size ? size : -1;
  }

  steady(id: FileId, end: Bytes = 0): boolean {
    const { hasLost, twofoldTo, size, tailTo, scribbles } = this.plain.file(id);
    return !hasLost && twofoldTo === 0 && (end <= size || (tailTo <= size && scribbles <= 1));
  }

  differs(file: FileId, offset: Bytes, length: Bytes, memory: Uint8Array, at: number): Bytes {
    return firstWrong(this.plain, this.plain.file(file), offset, length, memory, at);
  }

  explain(file: FileId, offset: Bytes, seen: number): string {
    return explainByte(this.plain.file(file), offset, seen);
  }

  block(file: FileId, offset: Bytes): BlockView {
    return viewBlock(this.plain, file, offset);
  }

  hasCopyOnWrite(file: FileId): boolean {
    return this.plain.file(file).hasCow;
  }

  state(id: FileId): FileState {
    const { plain } = this;
    return {
      size: plain.file(id).size,
      // Each is made when it is asked for: a digest takes seconds for a large file.
      get sha256() {
        return hashOf(plain.file(id));
      },
      get extents() {
        return likelyPieces(plain, id, 0, Number.POSITIVE_INFINITY);
      },
      get seekCold() {
        return seekMap(plain, id, false);
      },
      get seekCached() {
        return seekMap(plain, id, true);
      },
    };
  }

  judgeLayout(file: FileId, extents: readonly LayoutPiece[]): Finding | null {
    return judgeWhole(this.plain, makeCall(-1, 'fiemap', file), extents);
  }

  judgeSeekMap(file: FileId, map: readonly SeekPiece[], cold: boolean): Finding | null {
    return judgeMap(this.plain, makeCall(-1, 'seekData', file), map, cold);
  }
}

/** What the file's size is or may be, and what an open call may have met. */
function sizesOf({ size, sizeLeast }: FileModel, met: Readonly<Sizes> | null): Readonly<Sizes> {
  return { least: Math.min(sizeLeast, met?.least ?? size), most: Math.max(size, met?.most ?? 0) };
}

// What survives a shutdown is known when the file system is mounted again (crash/).
const judges = operationTable((name): Operation => operations[name === 'shutdown' ? 'complete' : name]);

function operationOf(call: Call): Operation {
  return judges[call.operation]!;
}

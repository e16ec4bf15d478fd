/**
 * The reference model answering a trace by itself. Recorded answers are put to the oracle, which says whether they are
 * permitted, and narrow what is permitted afterwards; where none is recorded the model goes on with its own.
 *
 * A deviation has no place in the model, which has no yield points: injected calls happen while the disturbed call is
 * open, and injected failures only widen what is permitted.
 */
import {
  Answer,
  type Bytes,
  type Call,
  type CallId,
  type FileId,
  type Finding,
  LOOKING,
  makeCall,
  type OperationName,
} from '../../model/contract/index.js';
import { type CrashJudge, contentsOf, type LayoutPiece, type ReferenceModel } from '../../model/files/index.js';
import type { RecordedAnswer } from '../../traces/format/index.js';
import type { Deviation } from '../adversaries/recording.js';
import { INJECTED_FROM, isCall } from '../run/engine.js';
import { layOut } from './after-shutdown.js';
import { contentsDisagree, LAYOUT } from './compare.js';
import { isSeekDataEnd, oldTail, withoutSeekDataEnds } from './known-gaps.js';
import { Mounts } from './mounts.js';
import { bytesOf, observe, reportedExtents } from './observe.js';
import type { Problem } from './outcome.js';
import type { Script } from './script.js';
import { seeksOf } from './seek-map.js';
import type { Performed, Question, SeekMapQuestion, SeekMapSeen, Session } from './session.js';

export class ModelSession implements Session {
  readonly target = 'model';
  finding: Finding | null = null;
  readonly known: Problem[] = [];
  private readonly oracle: ReferenceModel;
  private readonly mounts: Mounts;
  private readonly deviations = new Map<CallId, Deviation[]>();
  private readonly own = new Answer();
  private readonly put = new Answer();
  /** Files of which the recording tells what cannot be: the model did not go along, and what follows differs by that alone. */
  private readonly astray = new Set<FileId>();
  private injected = INJECTED_FROM;

  constructor(oracle: ReferenceModel, { deviations, shutsDown }: Script) {
    this.oracle = oracle;
    this.mounts = new Mounts(oracle, shutsDown);
    for (const deviation of deviations) {
      const list = this.deviations.get(deviation.op);
      if (list === undefined) this.deviations.set(deviation.op, [deviation]);
      else list.push(deviation);
    }
  }

  foresee(calls: readonly Call[], question: (call: Call) => Question): void {
    this.mounts.foresee(calls, question);
  }

  perform(call: Call, question: Question): Performed | null {
    this.mounts.called(call);
    if (call.name === 'remount' && this.mounts.down !== null) return this.mountAgain(call, this.mounts.down);
    // Its own layout is only the likeliest, which settles nothing.
    const idle = question.recorded === null && LAYOUT.has(call.name) && !this.deviations.has(call.id);
    if (!idle) this.oracle.invoke(call);
    for (const deviation of this.deviations.get(call.id) ?? []) this.disturb(call, deviation);
    const own = this.oracle.answer(call, this.own);
    const { recorded } = question;
    const got = observe(call, own, recorded);
    question.look?.(own);
    const { error, count } = own;
    const compares = this.compares(call.file, call.name);
    const problem = idle ? null : recorded === null ? this.respond(call, own) : this.judge(call, own, recorded, got);
    return { error, count, got, problem: compares ? problem : null };
  }

  /** What the recording saw of each file after the shutdown is held against the permitted set, and is what there is. */
  private mountAgain(call: Call, judge: CrashJudge): Performed {
    const { blockSize, sectorSize } = this.oracle.geometry;
    const contents = new Map<FileId, Uint8Array>();
    const judged = new Set<FileId>();
    for (const [file, bytes] of this.mounts.found(call.id, blockSize)) {
      if (bytes !== null && this.mounts.compares(file)) judged.add(file);
      this.mounts.settle(file, bytes !== null);
      const { moments } = judge.window.files[file]!.line;
      contents.set(file, bytes ?? contentsOf(moments.at(-1)!, moments.at(-1)!.size));
    }
    const finding = this.judgeFound(call.id, judge, contents, judged);
    const { files, medium } = layOut(contents, blockSize, sectorSize);
    this.oracle.adopt(files, medium);
    this.mounts.mounted();
    return { error: 0, count: 0, got: {}, problem: finding?.message ?? null };
  }

  /** Old tails are told as such and taken away, so that the rest is judged too. */
  private judgeFound(
    mount: CallId,
    judge: CrashJudge,
    contents: ReadonlyMap<FileId, Uint8Array>,
    judged: ReadonlySet<FileId>,
  ): Finding | null {
    const { blockSize, sectorSize } = this.oracle.geometry;
    const told = new Map([...contents].filter(([file]) => judged.has(file)));
    const gaps = new Set<string>();
    for (;;) {
      const { files, medium } = layOut(told, blockSize, sectorSize);
      const finding = judge.judge(files, medium);
      if (finding === null) break;
      const bytes = told.get(finding.file)!;
      const tail = oldTail(judge.window, finding, bytes, blockSize);
      if (tail === null) return finding;
      // A sector at a time: the next may have come to the device.
      const to = Math.min(tail.to, (Math.floor(finding.offset / sectorSize) + 1) * sectorSize);
      told.set(finding.file, bytes.slice().fill(0, finding.offset, to));
      gaps.add(`known gap R-23: after the crash shows again what ${tail.by} cut off, up to ${tail.to}`);
    }
    for (const message of gaps) this.known.push({ op: mount, message });
    return null;
  }

  /** A recorded map is what there is from now on, if it is permitted; the model's own is only the likeliest. */
  seekMap({ op, file, task, recorded, cold, nextId }: SeekMapQuestion): SeekMapSeen {
    const map = this.oracle.state(file).seekCold;
    if (recorded === null || !this.compares(file, 'seekData')) return { map, problem: null };
    const told = withoutSeekDataEnds(this.oracle, file, recorded);
    for (const at of told.gaps) this.noteSeekDataEnd(op, at);
    const finding = this.oracle.judgeSeekMap(file, told.map, cold);
    if (finding !== null) return { map, problem: finding.message };
    for (const { name, offset, answer } of seeksOf(told.map))
      this.perform(makeCall(nextId(), name, file, { task, offset }), { recorded: answer, equal: true });
    return { map, problem: null };
  }

  private noteSeekDataEnd(op: CallId | null, at: Bytes): void {
    this.known.push({ op, message: `known gap SEEK-DATA-END: SEEK_DATA answered ${at}, where a hole begins` });
  }

  /** What the call reads has only one permitted value. */
  steady({ file, offset, length }: Call): boolean {
    return this.oracle.steady(file, offset + length);
  }

  compares(file: FileId, name?: OperationName): boolean {
    return (
      !this.astray.has(file) && this.mounts.compares(file, name) && (name !== undefined || this.oracle.steady(file))
    );
  }

  peek(file: FileId): { readonly size: number; readonly sha256: string | null } {
    const { size, sha256 } = this.oracle.state(file);
    return { size, sha256 };
  }

  /** The extents that the model considers likeliest once all is written back. */
  layout(file: FileId): readonly LayoutPiece[] {
    return this.oracle.state(file).extents;
  }

  private respond(call: Call, answer: Answer): string | null {
    return this.oracle.respond(call, answer)?.message ?? null;
  }

  /** Is the recorded answer in the permitted set? Contents that are told by their digest only are compared with the model's own. */
  private judge(call: Call, own: Answer, recorded: RecordedAnswer, got: RecordedAnswer): string | null {
    const failed = recorded.errno !== undefined;
    if (!failed && (recorded.sha256 !== undefined || recorded.runs !== undefined)) {
      const file = { size: this.oracle.size(call.file), steady: this.steady(call) };
      const difference = contentsDisagree(call, own, recorded, got, file);
      if (recorded.runs === undefined || recorded.length !== own.count) {
        this.respond(call, own);
        return difference;
      }
    }
    const { put } = this;
    put.clear();
    put.bytes = recorded.runs === undefined ? own.bytes : bytesOf(recorded.runs);
    put.error = recorded.errno ?? 0;
    put.count = failed ? 0 : (recorded.length ?? recorded.offset ?? recorded.bytes ?? own.count);
    put.size = recorded.size ?? own.size;
    put.blocks512 = (this.compares(call.file, 'fiemap') ? recorded.blocks512 : undefined) ?? own.blocks512;
    put.extents = recorded.extents === undefined ? own.extents : reportedExtents(recorded.extents);
    put.differs = recorded.status === undefined ? own.differs : recorded.status === 'differs';
    const problem = this.respond(call, put);
    if (problem === null) return null;
    if (call.name !== 'seekData' || !isSeekDataEnd(this.oracle, call.file, put.count)) {
      if (!LOOKING.has(call.name)) this.astray.add(call.file);
      return asRecorded(problem);
    }
    this.noteSeekDataEnd(call.id, put.count);
    return null;
  }

  private disturb(call: Call, deviation: Deviation): void {
    if ('actions' in deviation) {
      for (const action of deviation.actions) {
        if (!isCall(action) || action.name === 'complete') continue;
        const injected: Call = { ...action, id: this.injected++ };
        this.oracle.invoke(injected);
        this.oracle.respond(injected, this.oracle.answer(injected, this.own));
      }
    } else if ('choice' in deviation && deviation.choice !== 'mapping-stale') {
      this.oracle.effect({ kind: 'fault', choice: deviation.choice, call, bio: null });
    } else if ('bio' in deviation) {
      this.oracle.effect({ kind: 'fault', choice: 'bio-status', call, bio: null, errno: deviation.status });
    }
  }
}

/** What the oracle says of an answer, as it is said of one that was recorded. */
function asRecorded(message: string): string {
  return message
    .replace(/ (answered|shows|counts|is reported as) /, ': recorded ')
    .replace('; expected ', '; permitted ');
}

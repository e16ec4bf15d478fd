/**
 * The reference model answering a trace by itself. Recorded answers are put to the oracle, which says whether they are
 * permitted, and narrow what is permitted afterwards; where none is recorded the model goes on with its own.
 *
 * A deviation has no place in the model, which has no yield points: injected calls happen while the disturbed call is
 * open, and injected failures only widen what is permitted.
 */
import { Answer, type Call, CallFlag, type CallId, type FileId, type Finding } from '../../model/contract/index.js';
import type { LayoutPiece, Oracle, SeekPiece } from '../../model/files/index.js';
import type { RecordedAnswer } from '../../traces/format/index.js';
import type { Deviation } from '../adversaries/recording.js';
import { INJECTED_FROM, isCall } from '../run/engine.js';
import { disagreement } from './compare.js';
import { bytesOf, observe } from './observe.js';
import type { Performed, Question, Session } from './session.js';

export class ModelSession implements Session {
  readonly target = 'model';
  finding: Finding | null = null;
  private readonly oracle: Oracle;
  private readonly deviations = new Map<CallId, Deviation[]>();
  private readonly own = new Answer();
  private readonly put = new Answer();
  private injected = INJECTED_FROM;

  constructor(oracle: Oracle, deviations: readonly Deviation[]) {
    this.oracle = oracle;
    for (const deviation of deviations) {
      const list = this.deviations.get(deviation.op);
      if (list === undefined) this.deviations.set(deviation.op, [deviation]);
      else list.push(deviation);
    }
  }

  perform(call: Call, question: Question): Performed | null {
    this.oracle.invoke(call);
    for (const deviation of this.deviations.get(call.id) ?? []) this.disturb(call, deviation);
    const own = this.oracle.answer(call, this.own);
    const { recorded } = question;
    const got = observe(call, own, recorded);
    question.look?.(own);
    const { error, count } = own;
    const problem = recorded === null ? this.respond(call, own) : this.judge(call, own, recorded, got);
    return { error, count, got, problem };
  }

  judgeSeekMap(file: FileId, map: readonly SeekPiece[], cold: boolean): string | null {
    return this.oracle.judgeSeekMap(file, map, cold)?.message ?? null;
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

  /** Is the recorded answer in the permitted set? Contents and layouts are told by their digests only. */
  private judge(call: Call, own: Answer, recorded: RecordedAnswer, got: RecordedAnswer): string | null {
    const failed = recorded.errno !== undefined;
    if (!failed && call.name === 'fiemap') {
      const flushed = (call.flags & CallFlag.FLUSH) !== 0;
      const finding = flushed ? this.oracle.judgeLayout(call.file, recorded.extents ?? []) : null;
      return finding?.message ?? this.respond(call, own);
    }
    if (!failed && (recorded.sha256 !== undefined || recorded.runs !== undefined)) {
      const difference = disagreement(recorded, got);
      const place = difference === null ? null : this.firstDifference(call, own, recorded);
      this.respond(call, own);
      return place ?? difference;
    }
    const { put } = this;
    put.clear();
    put.bytes = own.bytes;
    put.error = recorded.errno ?? 0;
    put.count = failed ? 0 : (recorded.length ?? recorded.offset ?? recorded.bytes ?? own.count);
    put.size = recorded.size ?? own.size;
    put.blocks512 = recorded.blocks512 ?? own.blocks512;
    put.extents = own.extents;
    put.differs = recorded.status === undefined ? own.differs : recorded.status === 'differs';
    return this.respond(call, put);
  }

  /** Where recorded contents and the model's part, with the writer of the byte. */
  private firstDifference(call: Call, own: Answer, recorded: RecordedAnswer): string | null {
    if (recorded.runs === undefined || recorded.length !== own.count) return null;
    const bytes = bytesOf(recorded.runs);
    const at = bytes.findIndex((byte, index) => byte !== own.bytes[index]);
    return at < 0 ? null : this.oracle.explain(call.file, call.offset + at, bytes[at]!);
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
      this.oracle.effect({ kind: 'fault', choice: 'bio-status', call, bio: null });
    }
  }
}

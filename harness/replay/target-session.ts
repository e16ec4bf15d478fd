/**
 * A target answering a trace, with the oracle and all checks beside it, exactly as in a campaign: the same runner, the
 * same observers. Recorded answers are compared with what an application saw.
 */
import type {
  Answer,
  Call,
  CallId,
  EventKind,
  FileId,
  Finding,
  IterationRecord,
  IterStep,
  Target,
  TargetFactory,
} from '../../model/contract/index.js';
import type { Oracle, SeekPiece } from '../../model/files/index.js';
import type { RecordedAnswer, TraceHeader } from '../../traces/format/index.js';
import type { Deviation } from '../adversaries/recording.js';
import type { Adversary } from '../run/adversary.js';
import type { Watcher } from '../run/engine.js';
import { LockHearing } from '../run/judging.js';
import { Runner } from '../run/runner.js';
import { disagreement } from './compare.js';
import { peekContents } from './contents.js';
import { observe } from './observe.js';
import { OverheardAdversary } from './overheard.js';
import type { Performed, Question, Session } from './session.js';
import type { Tools } from './tools.js';

/** Hears what happens while a call runs; for the timeline. */
export interface Listener {
  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void;
  /** The adversary did something. */
  disturbed(deviation: Deviation): void;
}

export class TargetSession implements Session, Watcher {
  readonly target: string;
  readonly live: Target;
  private readonly header: TraceHeader;
  private readonly runner = new Runner();
  private readonly oracle: Oracle;
  private readonly checks: Watcher;
  private listener: Listener | null = null;
  /** What is wanted of calls that have not answered, and what calls answered that nobody has asked for. */
  private readonly questions = new Map<CallId, Question>();
  private readonly performed = new Map<CallId, Performed>();

  constructor(target: string, factory: TargetFactory, header: TraceHeader, adversary: Adversary, tools: Tools) {
    this.target = target;
    this.header = header;
    const { geometry, options } = header;
    const scheduled = adversary.schedules === true;
    const files = header.files.length;
    this.live = factory.create({
      fs: header.fs,
      geometry,
      options,
      files,
      chooser: this.runner,
      sink: scheduled ? new LockHearing(this.runner.judging, this) : this,
      recordDevice: false,
      writeThrough: header.device.writeThrough,
    });
    const model = tools.modelFor(header);
    const { view } = this.live;
    if (view === undefined) throw new Error(`target ${target} shows no view, so it cannot be checked`);
    this.oracle = model;
    this.checks = tools.checksFor({ geometry, view, truth: model, device: this.live.device ?? null });
    const overheard = new OverheardAdversary(adversary, deviation => this.listener?.disturbed(deviation));
    this.runner.begin(this.live, model, this, overheard, scheduled);
  }

  /** Tells `listener` what happens from now on. */
  listen(listener: Listener): void {
    this.listener = listener;
  }

  foresee(calls: readonly Call[], question: (call: Call) => Question): void {
    this.runner.foresee(calls);
    for (const call of calls) this.questions.set(call.id, question(call));
  }

  get finding(): Finding | null {
    return this.runner.finding;
  }

  perform(call: Call, question: Question): Performed | null {
    this.questions.set(call.id, question);
    const went = this.runner.perform(call);
    const performed = this.performed.get(call.id);
    this.questions.delete(call.id);
    this.performed.delete(call.id);
    if (!went) return null;
    // `complete` is the scheduler's own and answers nothing.
    return performed ?? { error: 0, count: 0, got: {}, problem: null };
  }

  judgeSeekMap(file: FileId, map: readonly SeekPiece[], cold: boolean): string | null {
    return this.oracle.judgeSeekMap(file, map, cold)?.message ?? null;
  }

  peek(file: FileId): { readonly size: number; readonly sha256: string | null } | null {
    const { view, device } = this.live;
    if (view === undefined || device === undefined) return null;
    return peekContents(view, device, this.header.geometry, file);
  }

  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    this.listener?.emit(kind, file, a, b, c);
    this.checks.emit(kind, file, a, b, c);
  }

  iteration(step: IterStep, record: IterationRecord): void {
    this.checks.iteration(step, record);
  }

  called(call: Call): void {
    this.checks.called(call);
  }

  returned(call: Call, answer: Answer): Finding | null {
    const finding = this.checks.returned(call, answer);
    const question = this.questions.get(call.id);
    if (question !== undefined) this.performed.set(call.id, this.keep(call, answer, question));
    return finding;
  }

  quiescent(): Finding | null {
    return this.checks.quiescent();
  }

  private keep(call: Call, answer: Answer, question: Question): Performed {
    const { recorded } = question;
    const got: RecordedAnswer = observe(call, answer, recorded);
    question.look?.(answer);
    return {
      error: answer.error,
      count: answer.count,
      got,
      problem: recorded === null || !question.equal ? null : disagreement(recorded, got),
    };
  }
}

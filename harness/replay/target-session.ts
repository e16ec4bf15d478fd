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
  OperationName,
  Target,
  TargetConfig,
  TargetFactory,
} from '../../model/contract/index.js';
import type { CrashJudge, ReferenceModel } from '../../model/files/index.js';
import type { RecordedAnswer, TraceHeader } from '../../traces/format/index.js';
import type { Deviation } from '../adversaries/recording.js';
import { inconsistency } from '../crash/consistency.js';
import { Crasher, type CrashPoint } from '../crash/crasher.js';
import { recoveredFiles } from '../crash/recovered.js';
import { FixedMedium } from '../crash/volatile-medium.js';
import type { Adversary } from '../run/adversary.js';
import { INJECTED_FROM, type Watcher } from '../run/engine.js';
import { LockHearing } from '../run/judging.js';
import { Patience } from '../run/patience.js';
import { Runner } from '../run/runner.js';
import { contentsDisagree, LAYOUT } from './compare.js';
import { peekContents } from './contents.js';
import type { ModelSession } from './model-session.js';
import { Mounts } from './mounts.js';
import { digest, observe } from './observe.js';
import type { Problem } from './outcome.js';
import { OverheardAdversary } from './overheard.js';
import type { Script } from './script.js';
import { askSeekMap } from './seek-map.js';
import type { Performed, Question, SeekMapQuestion, SeekMapSeen, Session } from './session.js';
import type { Tools } from './tools.js';

/** Hears what happens while a call runs; for the timeline. */
export interface Listener {
  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void;
  /** The adversary did something. */
  disturbed(deviation: Deviation): void;
}

export class TargetSession implements Session, Watcher {
  readonly target: string;
  live: Target;
  private readonly header: TraceHeader;
  private readonly runner = new Runner();
  private readonly oracle: ReferenceModel;
  private readonly adversary: Adversary;
  private readonly scheduled: boolean;
  private readonly ordered: boolean;
  private readonly tools: Tools;
  private readonly crashes: Script['crashes'];
  private readonly crasher: Crasher | null;
  /** The model that goes where the recording went: it says if what may vary was permitted there (compare.ts). */
  private readonly recording: ModelSession | null;
  private readonly mounts: Mounts;

  get known(): readonly Problem[] {
    return this.recording?.known ?? [];
  }

  /** The crash after which something forbidden came back. */
  forbidden: CrashPoint | null = null;
  /** Operations in which power was to be lost, and was not, or not as the trace says. */
  readonly crashesMissed: Set<CallId>;
  private checks!: Watcher;
  private listener: Listener | null = null;
  private readonly patience = new Patience();
  /** What is wanted of calls that have not answered, and what calls answered that nobody has asked for. */
  private readonly questions = new Map<CallId, Question>();
  private readonly performed = new Map<CallId, Performed>();
  /** Calls to come, up to the next loss of power and behind it. */
  private upcoming: readonly Call[] = [];

  constructor(
    target: string,
    factory: TargetFactory,
    header: TraceHeader,
    adversary: Adversary,
    tools: Tools,
    script: Script,
    recording: ModelSession | null = null,
  ) {
    this.target = target;
    this.recording = recording;
    this.header = header;
    const { geometry, options } = header;
    const scheduled = adversary.schedules === true;
    const ordered = adversary.orders ?? scheduled;
    const files = header.files.length;
    const config: TargetConfig = {
      fs: header.fs,
      geometry,
      options,
      files,
      chooser: this.runner,
      sink: ordered ? new LockHearing(this.runner.judging, this) : this,
      recordDevice: script.crashes.size > 0,
      journal: script.crashes.size > 0 || script.shutsDown ? 'device' : 'memory',
      writeThrough: header.device.writeThrough,
    };
    this.live = factory.create(config);
    this.oracle = tools.modelFor(header);
    this.tools = tools;
    this.runner.stepLimit = tools.stepLimit;
    this.scheduled = scheduled;
    this.ordered = ordered;
    this.adversary = new OverheardAdversary(adversary, deviation => this.listener?.disturbed(deviation));
    this.crashes = script.crashes;
    this.crashesMissed = new Set(script.crashes.keys());
    this.crasher = script.crashes.size > 0 ? new Crasher(factory) : null;
    this.begin();
    this.crasher?.begin(config, this.live, this.oracle);
    // Nothing is known of the device; a shutdown comes after all that was answered.
    this.mounts = new Mounts(this.oracle, script.shutsDown && this.crasher === null);
  }

  /** Runner and checks begin anew, with the target as it is. */
  private begin(): void {
    this.checks = this.watch();
    const { live: target, oracle, adversary, scheduled, ordered } = this;
    this.runner.begin({ target, oracle, watcher: this, adversary, scheduled, ordered });
  }

  /** The checks, new for the target as it is. */
  private watch(): Watcher {
    const { view, device } = this.live;
    if (view === undefined) throw new Error(`target ${this.target} shows no view, so it cannot be checked`);
    const { geometry } = this.header;
    return this.tools.checksFor({ geometry, view, truth: this.oracle, device: device ?? null });
  }

  /** Tells `listener` what happens from now on. */
  listen(listener: Listener): void {
    this.listener = listener;
  }

  foresee(calls: readonly Call[], question: (call: Call) => Question): void {
    this.recording?.foresee?.(calls, question);
    this.mounts.foresee(calls, question);
    for (const call of calls) this.questions.set(call.id, question(call));
    this.foreseeFrom(calls);
  }

  /** Nothing begins before its turn from behind a loss of power. */
  private foreseeFrom(calls: readonly Call[]): void {
    const stretch = calls.findIndex(({ id }) => this.crashes.has(id)) + 1 || calls.length;
    this.runner.foresee(calls.slice(0, stretch));
    this.upcoming = calls.slice(stretch);
  }

  get finding(): Finding | null {
    return this.runner.finding;
  }

  perform(call: Call, question: Question): Performed | null {
    this.questions.set(call.id, question);
    // Where calls overlap they begin in the midst of others.
    if (!this.scheduled) this.crasher?.mark(call);
    const went = this.runner.perform(call) && this.loseAfter(call);
    const { recorded, equal } = question;
    const followed = this.recording?.perform(call, { recorded, equal }) ?? null;
    const performed = this.performed.get(call.id);
    this.questions.delete(call.id);
    this.performed.delete(call.id);
    if (!went) return null;
    // `complete` is the scheduler's own and answers nothing.
    const answered = performed ?? { error: 0, count: 0, got: {}, problem: null };
    const varies = LAYOUT.has(call.name) || call.name === 'remount';
    const problem = varies ? (followed?.problem ?? null) : null;
    return problem === null ? answered : { ...answered, problem };
  }

  /** Power is lost in the call, if the trace says so; false when what is left is forbidden. */
  private loseAfter(call: Call): boolean {
    const point = this.crashes.get(call.id);
    if (point === undefined || this.crasher === null) return true;
    this.runner.endInjected(call);
    if (this.runner.finding !== null) return false;
    const { finding, target, point: struck, missed } = this.crasher.strike(point);
    if (!missed) this.crashesMissed.delete(call.id);
    if (finding !== null) this.forbidden = struck;
    if (target !== null) {
      this.live = target;
      this.begin();
      this.foreseeFrom(this.upcoming);
    }
    this.runner.finding = finding;
    return finding === null;
  }

  /** The file system that was shut down is mounted again: what it recovered is judged, and is what there is from now on. */
  private mounted(mount: CallId, judge: CrashJudge): Finding | null {
    const { view, device } = this.live;
    if (view === undefined || device === undefined) return null;
    const { geometry } = this.header;
    const files = recoveredFiles(view, geometry);
    const medium = new FixedMedium(device.contents, geometry.sectorSize);
    const finding = inconsistency(view, geometry) ?? judge.judge(files, medium);
    for (const [file, bytes] of this.mounts.found(mount, geometry.blockSize))
      this.mounts.settle(file, bytes !== null && this.peek(file)?.sha256 === digest(bytes));
    this.oracle.adopt(files, medium);
    this.mounts.mounted();
    this.checks = this.watch();
    return finding;
  }

  seekMap(question: SeekMapQuestion): SeekMapSeen | null {
    const { file, task, nextId } = question;
    const problem = question.recorded === null ? null : (this.recording?.seekMap(question)?.problem ?? null);
    const map = askSeekMap(this, file, task, nextId);
    return map === null ? null : { map, problem };
  }

  compares(file: FileId, name?: OperationName): boolean {
    return this.mounts.compares(file, name) && (name !== undefined || this.oracle.steady(file));
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
    this.patience.hear(step, record);
    this.checks.iteration(step, record);
  }

  called(call: Call): void {
    if (this.scheduled && call.id < INJECTED_FROM) this.crasher?.mark(call);
    this.checks.called(call);
  }

  returned(call: Call, answer: Answer): Finding | null {
    this.mounts.called(call);
    let finding: Finding | null = null;
    if (call.name === 'remount' && this.mounts.down !== null) finding = this.mounted(call.id, this.mounts.down);
    finding ??= this.checks.returned(call, answer);
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
    const { oracle, recording } = this;
    const steady = oracle.steady(call.file, call.offset + call.length) && recording?.steady(call) !== false;
    const file = { size: oracle.size(call.file), steady };
    return {
      error: answer.error,
      count: answer.count,
      got,
      problem:
        recorded === null || !question.equal || !this.mounts.compares(call.file)
          ? null
          : contentsDisagree(call, answer, recorded, got, file),
    };
  }
}

/**
 * Replays the lines of a trace on a session, one after the other. Every recorded answer is compared, and every state
 * that is known after an operation; the first violation ends the run. What the files are like at the end is `closing.ts`.
 */
import type { Bytes, CallId, Errno } from '../../model/contract/index.js';
import {
  CLOSING_FROM,
  type ExpectationLine,
  type OperationLine,
  type RecordedAnswer,
  type SeekMapLine,
  type Trace,
} from '../../traces/format/index.js';
import type { AnswerReport, Problem } from './outcome.js';
import type { Session } from './session.js';

/** Told of each step as it is made. */
export interface Follower {
  before(line: OperationLine | SeekMapLine): void;
  /** `got` is null when a finding ended the run. */
  after(line: OperationLine | SeekMapLine, got: RecordedAnswer | null, problem: string | null): void;
}

export class Walk {
  readonly answers: AnswerReport[] = [];
  readonly problems: Problem[] = [];
  /** The errno or the count of each call. */
  readonly results: (Errno | Bytes)[] = [];
  operations = 0;
  private readonly session: Session;
  private readonly follower: Follower | null;
  private readonly checkpoints = new Map<CallId, ExpectationLine[]>();
  private closing = CLOSING_FROM;

  constructor(session: Session, follower: Follower | null) {
    this.session = session;
    this.follower = follower;
  }

  /** A name for a call that the trace does not have. */
  readonly nextId = (): CallId => this.closing++;

  /** False when a finding ended the run. */
  program(trace: Trace): boolean {
    for (const line of trace.lines)
      if (line.kind === 'expectation' && line.after !== null) {
        const list = this.checkpoints.get(line.after);
        if (list === undefined) this.checkpoints.set(line.after, [line]);
        else list.push(line);
      }
    const operations = trace.lines.filter(line => line.kind === 'operation');
    const recorded = new Map(operations.map(({ call, answer }) => [call.id, answer]));
    this.session.foresee?.(
      operations.map(({ call }) => call),
      call => ({ recorded: recorded.get(call.id) ?? null, equal: true }),
    );
    for (const line of trace.lines) {
      if (line.kind !== 'operation' && line.kind !== 'seekMap') continue;
      this.follower?.before(line);
      const went = line.kind === 'operation' ? this.operation(line) : this.seekMap(line);
      if (!went) return false;
      const id = line.kind === 'operation' ? line.call.id : line.id;
      for (const checkpoint of this.checkpoints.get(id) ?? []) this.checkpoint(id, checkpoint, trace);
    }
    return true;
  }

  private operation(line: OperationLine): boolean {
    const { call, answer } = line;
    const performed = this.session.perform(call, { recorded: answer, equal: true });
    this.operations++;
    if (performed === null) {
      this.follower?.after(line, null, null);
      return false;
    }
    const { got, problem } = performed;
    this.results.push(got.errno ?? got.length ?? 0);
    this.follower?.after(line, got, problem);
    this.note(call.id, answer, got, problem);
    return true;
  }

  private seekMap(line: SeekMapLine): boolean {
    const { file, task, answer: recorded } = line;
    const { nextId } = this;
    const seen = this.session.seekMap({
      op: line.id,
      file,
      task,
      recorded: recorded?.map ?? null,
      cold: false,
      nextId,
    });
    if (seen === null) {
      this.follower?.after(line, null, null);
      return false;
    }
    const { map, problem } = seen;
    const got: RecordedAnswer = { map };
    this.follower?.after(line, got, problem);
    this.note(line.id, recorded, got, problem);
    return true;
  }

  private note(step: CallId, expected: RecordedAnswer | null, got: RecordedAnswer, problem: string | null): void {
    if (expected !== null) this.answers.push({ step, expected, got });
    if (problem !== null) this.problems.push({ op: step, message: problem });
  }

  private checkpoint(op: CallId, line: ExpectationLine, trace: Trace): void {
    const { size, sha256 } = line.state;
    const now = this.session.peek(line.file);
    if (now === null) return;
    const name = trace.header.files[line.file] ?? '';
    if (size !== undefined && size !== now.size)
      this.problems.push({ op, message: `${name} is ${now.size} bytes long afterwards, recorded ${size}` });
    else if (sha256 !== undefined && now.sha256 !== null && sha256 !== now.sha256)
      this.problems.push({ op, message: `${name} has the digest ${now.sha256} afterwards, recorded ${sha256}` });
  }
}

/**
 * The files at the end of a trace: after fsync their seek map, extents, size and contents, then the seek map again with
 * nothing cached. Recorded final states are compared on the way. All of it is calls that are judged like any other.
 */
import { createHash } from 'node:crypto';
import { type Call, CallFlag, type FileId, LARGEST_FILE, makeCall } from '../../model/contract/index.js';
import type { LayoutPiece, SeekPiece } from '../../model/files/index.js';
import type { RecordedAnswer, RecordedState, Trace } from '../../traces/format/index.js';
import { LARGEST_DIGEST } from './contents.js';
import { bytesOf, digest, joinExtents } from './observe.js';
import type { FileReport, Problem } from './outcome.js';
import { type Performed, type Question, type Session, UNRECORDED } from './session.js';

/** What one read takes at most. */
const PIECE = 2 ** 22;

/** Ends the walk over a file early: a finding ended the session. */
class Ended extends Error {}

export class Closing {
  readonly problems: Problem[] = [];
  /** Files of which nothing is compared (Session.compares). */
  readonly parted: string[] = [];
  private readonly session: Session;
  private readonly nextId: () => number;
  private readonly trace: Trace;
  private name = '';

  constructor(session: Session, trace: Trace, nextId: () => number) {
    this.session = session;
    this.trace = trace;
    this.nextId = nextId;
  }

  /** Null when a finding ended it. */
  run(): Readonly<Record<string, FileReport>> | null {
    const { files } = this.trace.header;
    const reports: Record<string, FileReport> = {};
    try {
      files.forEach((name, file) => {
        this.name = name;
        this.call('fsync', file, {}, UNRECORDED);
      });
      files.forEach((name, file) => {
        this.name = name;
        reports[name] = this.file(file, this.recordedState(file));
      });
    } catch (error) {
      if (error instanceof Ended) return null;
      throw error;
    }
    return reports;
  }

  private recordedState(file: FileId): RecordedState {
    let state: RecordedState = {};
    for (const line of this.trace.lines)
      if (line.kind === 'expectation' && line.after === null && line.file === file) state = { ...state, ...line.state };
    // Runs of bytes say what a digest says.
    return state.runs === undefined ? state : { sha256: digest(bytesOf(state.runs)), ...state };
  }

  private file(file: FileId, recorded: RecordedState): FileReport {
    const seekCached = this.seekMap(file, recorded.seekCached, false);
    const extents = this.extents(file, recorded.extents);
    this.call('dropCaches', file, { flags: CallFlag.FLUSH }, UNRECORDED);
    const seekCold = this.seekMap(file, recorded.seekCold, true);
    const size = this.size(file, recorded);
    const sha256 = this.contents(file, size);
    const compared = this.session.compares(file);
    if (compared && recorded.sha256 !== undefined && sha256 !== null && sha256 !== recorded.sha256)
      this.problem(`contents with the digest ${sha256}, recorded ${recorded.sha256}`);
    if (!compared) this.parted.push(this.name);
    return { size, sha256, extents, seekCached, seekCold };
  }

  private seekMap(file: FileId, recorded: readonly SeekPiece[] | undefined, cold: boolean): readonly SeekPiece[] {
    const { nextId } = this;
    const seen = this.session.seekMap({ op: null, file, task: 1, recorded: recorded ?? null, cold, nextId });
    if (seen === null) throw new Ended();
    const { map, problem } = seen;
    if (problem !== null) this.problem(`seek with ${cold ? 'nothing' : 'pages'} cached: ${problem}`);
    return map;
  }

  private extents(file: FileId, recorded: readonly LayoutPiece[] | undefined): readonly LayoutPiece[] {
    let extents: readonly LayoutPiece[] = [];
    const range = { offset: 0, length: LARGEST_FILE, flags: CallFlag.FLUSH };
    this.call('fiemap', file, range, {
      ...this.question(recorded === undefined ? null : { extents: recorded }),
      look: answer => {
        extents = joinExtents(answer.extents);
      },
    });
    return extents;
  }

  private size(file: FileId, recorded: RecordedState): number {
    const { size, blocks512 } = recorded;
    const expected: RecordedAnswer | null =
      size === undefined ? null : { size, ...(blocks512 === undefined ? {} : { blocks512 }) };
    let seen = 0;
    this.call(
      'stat',
      file,
      {},
      {
        ...this.question(expected),
        look: answer => {
          seen = answer.size;
        },
      },
    );
    return seen;
  }

  private contents(file: FileId, size: number): string | null {
    if (size > LARGEST_DIGEST) return null;
    const hash = createHash('sha256');
    for (let offset = 0; offset < size; offset += PIECE) {
      const length = Math.min(PIECE, size - offset);
      this.call(
        'read',
        file,
        { offset, length },
        {
          ...UNRECORDED,
          look: answer => {
            hash.update(answer.bytes.subarray(0, answer.count));
          },
        },
      );
    }
    return hash.digest('hex');
  }

  private question(recorded: RecordedAnswer | null): Question {
    return { recorded, equal: true };
  }

  private call(name: Call['name'], file: FileId, fields: Partial<Call>, question: Question): Performed {
    const performed = this.session.perform(makeCall(this.nextId(), name, file, fields), question);
    if (performed === null) throw new Ended();
    if (performed.problem !== null) this.problem(performed.problem);
    return performed;
  }

  private problem(message: string): void {
    this.problems.push({ op: null, message: `${this.name} at the end: ${message}` });
  }
}

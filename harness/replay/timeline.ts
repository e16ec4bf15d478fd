/**
 * The run as a timeline, which is how a failure is read: each operation in one line with its answer, what happened while
 * it ran, the directives that disturbed it where they did, and the files it changed, block by block.
 */
import pc from 'picocolors';
import { Ev, type EventKind, type FileId, type View } from '../../model/contract/index.js';
import type { OperationLine, RecordedAnswer, SeekMapLine, Trace } from '../../traces/format/index.js';
import type { Deviation } from '../adversaries/recording.js';
import { extentsText } from './compare.js';
import { ModelSession } from './model-session.js';
import { named } from './named.js';
import type { FollowerOf } from './replay.js';
import type { Session } from './session.js';
import { LEGEND, stripsOf } from './strips.js';
import { type Listener, TargetSession } from './target-session.js';
import type { Follower } from './walk.js';
import { answerText, callText, deviationText, eventText } from './words.js';

/** Events shown of a step, and of the one that went wrong. */
const MOST_EVENTS = 20;
const MOST_OF_FAILED = 400;
/** Events that say little about files and come in crowds. */
const QUIET: ReadonlySet<EventKind> = new Set([Ev.lock, Ev.unlock]);

export function timeline(trace: Trace, out: NodeJS.WritableStream): FollowerOf {
  const { fs, geometry, origin } = trace.header;
  return session => {
    const print = (line: string): void => {
      out.write(`${line}\n`);
    };
    print(pc.bold(`${origin ?? 'trace'} on ${session.target}`));
    print(
      pc.dim(`${fs}, blocks of ${geometry.blockSize}, pages of ${geometry.pageSize}, ${geometry.deviceBlocks} blocks`),
    );
    if (session instanceof TargetSession) for (const line of LEGEND) print(pc.dim(line));
    return new Timeline(trace, session, print);
  };
}

class Timeline implements Follower, Listener {
  private readonly trace: Trace;
  private readonly session: Session;
  private readonly view: View | null;
  private readonly print: (line: string) => void;
  private readonly versions: number[] = [];
  /** What happened during the operation in progress. */
  private happened: string[] = [];
  private hidden = 0;

  constructor(trace: Trace, session: Session, print: (line: string) => void) {
    this.trace = trace;
    this.session = session;
    this.print = print;
    this.view = session instanceof TargetSession ? (session.live.view ?? null) : null;
    if (session instanceof TargetSession) session.listen(this);
  }

  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    if (QUIET.has(kind)) return;
    if (this.happened.length >= MOST_OF_FAILED) this.hidden++;
    else this.happened.push(pc.dim(eventText(kind, file, a, b, c, this.name)));
  }

  disturbed(deviation: Deviation): void {
    this.happened.push(pc.yellow(deviationText(deviation, this.name)));
  }

  before(): void {
    this.happened = [];
    this.hidden = 0;
  }

  after(line: OperationLine | SeekMapLine, got: RecordedAnswer | null, problem: string | null): void {
    const id = line.kind === 'operation' ? line.call.id : line.id;
    const what = line.kind === 'operation' ? callText(line.call, this.name) : `seekMap ${this.name(line.file)}`;
    this.print('');
    this.print(`${pc.bold(`#${id}`)} ${what} ${pc.dim('→')} ${got === null ? pc.red('violation') : answerText(got)}`);
    const shown = got === null ? MOST_OF_FAILED : MOST_EVENTS;
    for (const event of this.happened.slice(0, shown)) this.print(`    ${event}`);
    const hidden = this.hidden + Math.max(0, this.happened.length - shown);
    if (hidden > 0) this.print(pc.dim(`    … ${hidden} more events`));
    if (problem !== null) this.print(pc.red(`    ${named({ message: problem }, this.trace).message}`));
    if (this.session instanceof ModelSession) this.layout(this.session, line);
    else this.files();
    const { finding } = this.session;
    if (got !== null || finding === null) return;
    this.print(pc.red(`    ${finding.id}: ${named(finding, this.trace).message}`));
  }

  /** The model has extents, but no blocks on a device and no page cache. */
  private layout(model: ModelSession, line: OperationLine | SeekMapLine): void {
    const file = line.kind === 'operation' ? line.call.file : line.file;
    const { size } = model.peek(file);
    this.print(`    ${pc.bold(this.name(file))} size ${size}: ${extentsText(model.layout(file))}`);
  }

  /** The files that changed since they were shown last. */
  private files(): void {
    if (this.view === null) return;
    for (const id of this.view.files) {
      const file = this.view.file(id);
      if (this.versions[id] === file.version) continue;
      this.versions[id] = file.version;
      const cookies = pc.dim(`cookies ${file.cookie}/${file.cowCookie}`);
      this.print(`    ${pc.bold(this.name(id))} size ${file.isize}, on disk ${file.dsize}, ${cookies}`);
      for (const line of stripsOf(file, this.trace.header.geometry)) this.print(`      ${line}`);
    }
  }

  private readonly name = (file: FileId): string => this.trace.header.files[file] ?? `file ${file}`;
}

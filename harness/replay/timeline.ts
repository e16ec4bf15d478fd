/**
 * The run as a timeline, which is how a failure is read: each operation in one line with its answer, what happened while
 * it ran, the directives that disturbed it, and the files it changed, block by block.
 */
import pc from 'picocolors';
import {
  CallFlag,
  type Data,
  EVENT_NAMES,
  type EventKind,
  errnoName,
  type FileId,
  operationShape,
  type View,
} from '../../model/contract/index.js';
import {
  type DirectiveLine,
  lineJson,
  namesOf,
  type OperationLine,
  type RecordedAnswer,
  type SeekMapLine,
  type Trace,
} from '../../traces/format/index.js';
import { extentsText, mapText } from './compare.js';
import type { FollowerOf } from './replay.js';
import type { Session } from './session.js';
import { LEGEND, stripsOf } from './strips.js';
import { TargetSession } from './target-session.js';
import type { Follower } from './walk.js';

/** Events shown for one operation; more are counted. */
const MOST_EVENTS = 24;

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

class Timeline implements Follower {
  private readonly trace: Trace;
  private readonly session: Session;
  private readonly view: View | null;
  private readonly print: (line: string) => void;
  private readonly directives = new Map<number, DirectiveLine[]>();
  private readonly versions: number[] = [];
  private events: string[] = [];
  private hidden = 0;

  constructor(trace: Trace, session: Session, print: (line: string) => void) {
    this.trace = trace;
    this.session = session;
    this.print = print;
    this.view = session instanceof TargetSession ? (session.live.view ?? null) : null;
    if (session instanceof TargetSession) session.listen(this);
    for (const line of trace.lines)
      if (line.kind === 'directive') this.directives.set(line.op, [...(this.directives.get(line.op) ?? []), line]);
  }

  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    if (this.events.length === MOST_EVENTS) {
      this.hidden++;
      return;
    }
    const numbers = [a, b, c].map(String).join(' ');
    this.events.push(`${EVENT_NAMES[kind] ?? kind} ${this.name(file)} ${numbers}`);
  }

  before(): void {
    this.events = [];
    this.hidden = 0;
  }

  after(line: OperationLine | SeekMapLine, got: RecordedAnswer | null, problem: string | null): void {
    const id = line.kind === 'operation' ? line.call.id : line.id;
    const what = line.kind === 'operation' ? this.callText(line) : `seekMap ${this.name(line.file)}`;
    this.print('');
    this.print(`${pc.bold(`#${id}`)} ${what} ${pc.dim('→')} ${got === null ? pc.red('violation') : answerText(got)}`);
    for (const directive of this.directives.get(id) ?? [])
      this.print(pc.yellow(`    ${this.directiveText(directive)}`));
    for (const event of this.events) this.print(pc.dim(`    ${event}`));
    if (this.hidden > 0) this.print(pc.dim(`    … ${this.hidden} more events`));
    if (problem !== null) this.print(pc.red(`    ${problem}`));
    this.files();
    const { finding } = this.session;
    if (got === null && finding !== null) this.print(pc.red(`    ${finding.id}: ${finding.message}`));
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

  private name(file: FileId): string {
    return this.trace.header.files[file] ?? `file ${file}`;
  }

  private callText(line: OperationLine): string {
    const { call } = line;
    const { fields, flags } = operationShape(call.name);
    const has = (field: string): boolean => (fields as readonly string[]).includes(field);
    const set = flags.filter(flag => (call.flags & CallFlag[flag]) !== 0);
    const parts: string[] = [pc.cyan(call.name), this.name(call.file)];
    if (has('from')) parts.push(`from ${this.name(call.fromFile)} ${call.fromOffset} to`);
    if (has('offset')) parts.push(has('length') ? `${call.offset}+${call.length}` : String(call.offset));
    else if (has('length')) parts.push(`+${call.length}`);
    if (has('size')) parts.push(`to ${call.size}`);
    if (has('data')) parts.push(pc.dim(dataText(call.data)));
    if (call.accessible >= 0) parts.push(`accessible ${call.accessible}`);
    if (set.length > 0) parts.push(set.join(' '));
    if (call.task > 1) parts.push(pc.dim(`task ${call.task}`));
    return parts.join(' ');
  }

  private directiveText(line: DirectiveLine): string {
    const json = lineJson(line, namesOf(this.trace.header)) as { readonly do: readonly object[] };
    const place = line.point === null ? `time ${line.nth}` : `${line.point}, time ${line.nth}`;
    const actions = json.do.map(action =>
      Object.entries(action)
        .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
        .join(' '),
    );
    return `at ${place}: ${actions.join('; ')}`;
  }
}

function dataText(data: Data): string {
  if (typeof data === 'number') return `data ${data}`;
  if ('byte' in data) return `byte ${data.byte}`;
  return 'case' in data ? `case tag ${data.case}` : `fsx line ${data.fsx}`;
}

function answerText(answer: RecordedAnswer): string {
  if (answer.errno !== undefined) return pc.red(errnoName(answer.errno));
  const { extents, map, runs: _, sha256: __, ...rest } = answer;
  const parts = Object.entries(rest).map(([key, value]) => `${key} ${value}`);
  if (extents !== undefined) parts.push(extentsText(extents));
  if (map !== undefined) parts.push(mapText(map));
  return parts.length === 0 ? 'ok' : parts.join(', ');
}

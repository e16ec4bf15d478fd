/**
 * A recording held against the reference model: the commands beside it run on the model step by step, and what the kernel
 * printed, each mapping it gave, each piece of writeback and each file size in its events must be permitted at that time
 * (permits.ts says what is compared). A mapping belongs to a command of its step by who asked for it: the operation's
 * flags, the library function, the position; where several fit, any of them may permit it. Steps with random load or
 * several processes are not understood: they are named, and their files are left out from there on.
 */
import { Answer, type Call, DEFAULT_OPTIONS, KERNEL_GEOMETRY, OpFlag } from '../../model/contract/index.js';
import type { IterEvent, KernelEvent } from '../../model/contract/kernel-event.js';
import { createModel, type ReferenceModel } from '../../model/files/index.js';
import { type Action, type Question, readCommands, type Step, seekMapOf } from './commands.js';
import { blocksOf, type FileView, judgeMapping, judgePiece, type Permits, type Purpose } from './permits.js';
import { type RecordedStep, type Reported, readInodes, readSteps } from './steps.js';

export interface Mismatch {
  readonly step: number;
  /** Of the recording; 0 where a printed answer is wrong. */
  readonly line: number;
  readonly message: string;
}

export interface Comparison {
  readonly wrong: readonly Mismatch[];
  /** How many of each kind were compared. */
  readonly compared: Readonly<Record<Compared, number>>;
  /** Why what was not compared was not. */
  readonly undecided: ReadonlyMap<string, number>;
  /** Steps that are not understood, as they stand. */
  readonly skipped: readonly string[];
}

const KINDS = ['look', 'report', 'seek', 'zero', 'store', 'source', 'piece', 'size', 'printed', 'block'] as const;
type Compared = (typeof KINDS)[number];
/** Ranges are moved at moments that nothing marks. */
const MOVING = new Set(['collapse', 'insert']);
const FREEING = new Set(['zero', 'punch', 'truncate', 'reflink', 'dedupe', 'copy']);
/** Of ext4 only what needs no knowledge of how it reserves and allocates is compared; others begin with files of unknown making. */
const KNOWN: readonly string[] = ['xfs', 'ext4'];
/** Largest offset that is looked at block by block. */
const FAR = 2 ** 28;

export function compare(commandText: string, traceText: string): Comparison {
  return new Comparing(commandText, traceText).run();
}

class Comparing {
  private readonly steps: readonly Step[];
  private readonly recorded: readonly RecordedStep[];
  private readonly inodes: ReadonlyMap<number, number>;
  private readonly model: ReferenceModel;
  private readonly permits: Permits;
  private readonly files: number;
  private readonly fs: string;
  private readonly answer = new Answer();
  private readonly wrong: Mismatch[] = [];
  private readonly undecided = new Map<string, number>();
  private readonly skipped: string[] = [];
  private readonly unknown = new Set<number>();
  private readonly compared: Record<Compared, number>;

  constructor(commandText: string, traceText: string) {
    const commands = readCommands(commandText);
    this.steps = commands.steps;
    this.files = commands.files.length;
    this.fs = commands.fs;
    this.recorded = readSteps(traceText);
    this.inodes = readInodes(commands, this.recorded);
    const blockSize = commands.blockSize;
    const deviceBlocks = Math.ceil((KERNEL_GEOMETRY.deviceBlocks * KERNEL_GEOMETRY.blockSize) / blockSize);
    const geometry = { ...KERNEL_GEOMETRY, blockSize, deviceBlocks };
    this.model = createModel({ geometry, options: DEFAULT_OPTIONS, files: this.files, fs: 'xfs' });
    this.permits = { blockSize, zeroesAround: commands.fs === 'ext4' };
    this.compared = Object.fromEntries(KINDS.map(kind => [kind, 0])) as Record<Compared, number>;
  }

  run(): Comparison {
    if (!KNOWN.includes(this.fs)) {
      this.skipped.push(`all steps: the model does not know ${this.fs || 'the file system'}`);
      for (let file = 0; file < this.files; file++) this.unknown.add(file);
    }
    this.steps.forEach((step, index) => {
      this.step(step, index + 1, this.recorded[index + 1] ?? { events: [], mappings: [] });
    });
    const { wrong, compared, undecided, skipped } = this;
    return { wrong, compared, undecided, skipped };
  }

  private step(step: Step, number: number, recorded: RecordedStep): void {
    if (step.unknown === null) for (let file = 0; file < this.files; file++) this.unknown.add(file);
    for (const file of step.unknown ?? []) this.unknown.add(file);
    if (step.unknown === null || step.unknown.length > 0) this.skipped.push(`step ${number}: ${step.text}`);
    const limit = this.limit(recorded);
    // moments[k] is before action k; one more follows the last.
    const moments = [this.views(limit)];
    const actions = step.actions.map(action => {
      const done = this.act(action, number);
      moments.push('kind' in done ? moments.at(-1)! : this.views(limit));
      return done;
    });
    const least = new Map<number, number>();
    for (const mapping of recorded.mappings) this.mapping(mapping, number, actions, moments, least);
    for (const event of recorded.events) this.event(event, number, moments);
  }

  /** Runs a command on the model, or judges a printed answer. Gives back what was done, with its place. */
  private act(action: Action, step: number): Call | Question {
    if ('kind' in action && action.kind !== 'append') {
      this.ask(action, step);
      return action;
    }
    const call: Call = 'kind' in action ? { ...action.write, offset: this.model.size(action.file) } : (action as Call);
    if (this.unknown.has(call.fromFile)) this.unknown.add(call.file);
    if (this.unknown.has(call.file)) return call;
    this.model.invoke(call);
    this.model.answer(call, this.answer);
    const finding = this.model.respond(call, this.answer);
    if (finding !== null) this.wrong.push({ step, line: 0, message: finding.message });
    return call;
  }

  private ask(question: Question, step: number): void {
    const { file, printed } = question;
    if (this.unknown.has(file) || printed.length === 0) return;
    this.compared.printed++;
    const finding =
      question.kind === 'seek'
        ? this.model.judgeSeekMap(file, seekMapOf(question.printed, this.model.size(file)), false)
        : this.model.judgeLayout(file, question.printed);
    if (finding !== null) this.wrong.push({ step, line: 0, message: finding.message });
  }

  /** The end of the furthest block that any mapping of the step is about. */
  private limit(recorded: RecordedStep): number {
    let limit = 0;
    for (const { event } of recorded.mappings)
      if (event.offset + event.length < FAR) limit = Math.max(limit, event.offset + event.length);
    for (const event of recorded.events)
      if (event.kind === 'piece') limit = Math.max(limit, Math.min(FAR, event.pos + event.dirtyLength));
    return limit;
  }

  private views(limit: number): readonly FileView[] {
    return Array.from({ length: this.files }, (_, file) => {
      const size = this.model.size(file);
      const count = Math.ceil(Math.max(limit, Math.min(size, FAR)) / this.permits.blockSize) + 1;
      const blocks = Array.from({ length: count }, (_b, block) =>
        this.model.block(file, block * this.permits.blockSize),
      );
      return { size, hasCopyOnWrite: this.model.hasCopyOnWrite(file), blocks };
    });
  }

  private skip(why: string): void {
    this.undecided.set(why, (this.undecided.get(why) ?? 0) + 1);
  }

  /** The file of an event; undefined, and counted, if nothing can be said about it. */
  private fileOf(event: KernelEvent): number | undefined {
    const file = this.inodes.get(event.ino);
    if (file !== undefined && !this.unknown.has(file)) return file;
    this.skip(file === undefined ? 'inode of no known file' : 'file of a step that is not understood');
    return undefined;
  }

  private mapping(
    { event, asked }: Reported,
    step: number,
    actions: readonly (Call | Question)[],
    moments: readonly (readonly FileView[])[],
    least: Map<number, number>,
  ): void {
    const file = this.fileOf(event);
    if (file === undefined) return;
    const { blockSize } = this.permits;
    const from = least.get(event.task) ?? 0;
    const fitting = [...actions.keys()].filter(k => k >= from && fits(asked, file, actions[k]!, blockSize));
    const [first] = fitting;
    if (first === undefined) {
      this.skip('no command calls for it');
      return;
    }
    least.set(event.task, first);
    let refusal: string | null = null;
    for (const k of fitting) {
      const action = actions[k]!;
      if (!('kind' in action) && MOVING.has(action.name)) {
        this.skip('ranges are being moved');
        return;
      }
      const purpose = purposeOf(event.kind === 'srcmap', asked, action);
      const [before, after] = [moments[k]![file]!, moments[k + 1]![file]!];
      const wrong = judgeMapping(this.permits, event, purpose, before, after);
      if (wrong === null) {
        const { first: start, behind } = blocksOf(this.permits, event, Math.max(before.size, after.size));
        this.compared[purpose.is]++;
        this.compared.block += Math.max(0, behind - start);
        return;
      }
      refusal ??= wrong;
    }
    if (refusal !== null) this.wrong.push({ step, line: event.line, message: refusal });
  }

  private event(event: KernelEvent, step: number, moments: readonly (readonly FileView[])[]): void {
    const size = sizeIn(event);
    if (event.kind !== 'piece' && size < 0) return;
    const file = this.fileOf(event);
    if (file === undefined) return;
    const views = moments.map(files => files[file]!);
    if (event.kind === 'piece') {
      this.compared.piece++;
      const wrong = judgePiece(this.permits, event, event.pos, event.dirtyLength, views);
      if (wrong !== null) this.wrong.push({ step, line: event.line, message: wrong });
      return;
    }
    const sizes = views.map(view => view.size);
    const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
    this.compared.size++;
    if (size < low || size > high)
      this.wrong.push({ step, line: event.line, message: `size ${size}; expected ${low} to ${high}` });
  }
}

/** The size of the file as the event prints it; -1 if it does not. */
function sizeIn(event: KernelEvent): number {
  if (event.kind === 'xfsFile') return event.isize;
  return 'size' in event && event.name.startsWith('iomap_') && SIZED.has(event.kind) ? event.size : -1;
}
const SIZED = new Set<KernelEvent['kind']>([
  'writebackFolio',
  'zeroPiece',
  'releaseFolio',
  'invalidateFolio',
  'dioBegin',
  'dioQueued',
  'dioComplete',
]);

const BUFFERED = ['write', 'dwrite', 'copy'];

/** Could this command have asked? */
function fits(asked: IterEvent, file: number, action: Call | Question, blockSize: number): boolean {
  const { caller, flags, pos } = asked;
  const isWrite = (flags & OpFlag.WRITE) !== 0;
  if ('kind' in action) {
    return action.file === file && caller.startsWith(action.kind === 'seek' ? 'iomap_seek_' : 'iomap_fiemap');
  }
  if ((flags & OpFlag.REPORT) !== 0) return false;
  if (action.file !== file) return action.fromFile === file && !isWrite;
  if ((flags & OpFlag.DIRECT) !== 0) return action.name === (isWrite ? 'dwrite' : 'dread') && within(pos, action, 1);
  if (caller === 'iomap_file_buffered_write') return BUFFERED.includes(action.name) && within(pos, action, 1);
  if (caller === 'iomap_page_mkwrite') return action.name === 'mapwrite';
  if (caller === 'iomap_file_unshare') return action.name === 'unshare' && within(pos, action, blockSize);
  return true;
}

function within(pos: number, { offset, length }: Call, unit: number): boolean {
  return pos >= offset - (offset % unit) && pos < offset + length;
}

function purposeOf(isSource: boolean, asked: IterEvent, action: Call | Question): Purpose {
  const { flags, pos } = asked;
  const is = isSource
    ? 'source'
    : 'kind' in action
      ? action.kind === 'seek'
        ? 'seek'
        : 'report'
      : (flags & OpFlag.UNSHARE) !== 0
        ? 'look'
        : (flags & OpFlag.WRITE) !== 0
          ? 'store'
          : (flags & OpFlag.ZERO) !== 0
            ? 'zero'
            : 'look';
  if ('kind' in action) return { is, pos, from: 0, to: 0, frees: false };
  const to = action.name === 'truncate' ? Number.POSITIVE_INFINITY : action.offset + action.length;
  const from = action.name === 'truncate' ? action.size : action.offset;
  return { is, pos, from, to, frees: FREEING.has(action.name) };
}

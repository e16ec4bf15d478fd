/**
 * Counts what happened in a campaign: events, operations, injections. It stands between the target and the checks, so
 * that obligations ("a stale mapping was detected") are counted from the same events that the checks judge.
 */
import {
  type Answer,
  type Call,
  EFBIG,
  EIO,
  ENOSPC,
  EVENT_NAMES,
  Ev,
  type EventKind,
  type EventName,
  type FileId,
  type Finding,
  type IterationRecord,
  IterStep,
  isBackground,
  MapFlag,
  MapType,
  OPERATION_NAMES,
} from '../../model/contract/index.js';
import { CHOICE_LABELS } from '../run/activity.js';
import type { Watcher } from '../run/engine.js';
import { Patience } from '../run/patience.js';

/** Things counted that are not simply an event. */
export const NOTABLES = [
  're-begin',
  'short-answer',
  'no-space',
  'too-large',
  'io-error-answered',
  'sync-error-answered',
  'large-folio',
  'beyond-4-gib',
  'near-largest-size',
  'no-effect',
  'cow-mapping',
  'preemption',
  'preempted-write',
  'lock-wait',
  'mutual-lock-wait',
  'out-of-order',
  'stale-beside-others',
  'stale-first-by-work',
  'stale-later-by-work',
  'stale-first-revoked',
  'stale-later-revoked',
  'stale-by-remap',
  'stale-by-direct-write',
  'unmapped-writeback',
  'crash',
  'crash-in-call',
  'crash-tears-log',
  'crash-in-recovery',
  'crash-beside-others',
] as const;
export type Notable = (typeof NOTABLES)[number];

const placeOf = Object.fromEntries(NOTABLES.map((name, place) => [name, place])) as Record<Notable, number>;

/** Events that say that the map of a file changed. */
const CHANGING: readonly EventName[] = ['reserve', 'reserve-cow', 'punch', 'allocate', 'free', 'convert', 'remap'];
const CHANGES = Uint8Array.from(EVENT_NAMES, name => (CHANGING.includes(name) ? 1 : 0));
const NOTED = Uint8Array.from(CHANGES);
for (const kind of [Ev['dio-end-io'], Ev['folio-add'], Ev.stale, Ev['fault-injected']]) NOTED[kind] = 1;
/** What `fault-injected` says when writeback cannot have a mapping. */
const UNMAPPED = CHOICE_LABELS.indexOf('writeback-map');
/** Iterations, by the low bits of their serial, and files whose changes are told apart. */
const SLOTS = 64;

export class Tally implements Watcher {
  readonly events = new Float64Array(EVENT_NAMES.length);
  readonly operations = new Float64Array(OPERATION_NAMES.length);
  readonly notables = new Float64Array(NOTABLES.length);
  largeFolioAbove = 0;
  private watcher!: Watcher;
  private readonly patience = new Patience();
  /** Calls of applications in progress. */
  private open = 0;
  /** By file: changes of its map, remaps and completed direct requests among them; by iteration: how many at its last begin. */
  private readonly changes = new Float64Array(SLOTS);
  private readonly remaps = new Float64Array(SLOTS);
  private readonly directs = new Float64Array(SLOTS);
  private readonly changesThen = new Float64Array(SLOTS);
  private readonly remapsThen = new Float64Array(SLOTS);
  private readonly directsThen = new Float64Array(SLOTS);

  /** Events go on to these checks from now on; a folio above `page` bytes counts as large. */
  begin(watcher: Watcher, page: number): void {
    this.watcher = watcher;
    this.largeFolioAbove = page;
    this.open = 0;
  }

  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    this.events[kind]!++;
    if (NOTED[kind] === 1) this.heard(kind, file, a, b);
    this.watcher.emit(kind, file, a, b, c);
  }

  /** An event of which more is counted than that it happened. */
  private heard(kind: EventKind, file: FileId, a: number, b: number): void {
    if (CHANGES[kind] === 1) {
      this.changes[file % SLOTS]!++;
      if (kind === Ev.remap) this.remaps[file % SLOTS]!++;
    } else if (kind === Ev['dio-end-io']) this.directs[file % SLOTS]!++;
    else if (kind === Ev['folio-add'] && b > this.largeFolioAbove) this.note('large-folio');
    else if (kind === Ev.stale && this.open > 1) this.note('stale-beside-others');
    else if (kind === Ev['fault-injected'] && a === UNMAPPED) this.note('unmapped-writeback');
  }

  iteration(step: IterStep, record: IterationRecord): void {
    this.patience.hear(step, record);
    if (step === IterStep.begun) {
      if ((record.iomap.flags & MapFlag.SHARED) !== 0 && record.srcmap.type !== MapType.HOLE) this.note('cow-mapping');
      const file = record.file % SLOTS;
      const slot = record.serial % SLOTS;
      this.changesThen[slot] = this.changes[file]!;
      this.remapsThen[slot] = this.remaps[file]!;
      this.directsThen[slot] = this.directs[file]!;
    } else if (step === IterStep.ending && (record.iomap.flags & MapFlag.STALE) !== 0) this.foundStale(record);
    this.watcher.iteration(step, record);
  }

  /** What made the mapping stale, and whether it had served some folio before. */
  private foundStale({ serial, file, written }: IterationRecord): void {
    this.note('re-begin');
    const slot = serial % SLOTS;
    const of = file % SLOTS;
    const worked = this.changes[of] !== this.changesThen[slot];
    if (worked) this.note(written > 0 ? 'stale-later-by-work' : 'stale-first-by-work');
    else this.note(written > 0 ? 'stale-later-revoked' : 'stale-first-revoked');
    if (this.remaps[of] !== this.remapsThen[slot]) this.note('stale-by-remap');
    if (worked && this.directs[of] !== this.directsThen[slot]) this.note('stale-by-direct-write');
  }

  called(call: Call): void {
    if (!isBackground(call)) this.open++;
    this.operations[call.operation]!++;
    if (call.offset > 2 ** 32) this.note(call.offset > 2 ** 52 ? 'near-largest-size' : 'beyond-4-gib');
    this.watcher.called(call);
  }

  returned(call: Call, answer: Answer): Finding | null {
    if (!isBackground(call)) this.open--;
    if (answer.error !== 0) {
      this.note('no-effect');
      if (answer.error === ENOSPC) this.note('no-space');
      else if (answer.error === EFBIG) this.note('too-large');
      else if (answer.error === EIO)
        this.note(call.name === 'fsync' || call.name === 'fdatasync' ? 'sync-error-answered' : 'io-error-answered');
    } else if (answer.count < call.length && (call.name === 'write' || call.name === 'dwrite'))
      this.note('short-answer');
    else if (answer.count === 0 && (call.name === 'read' || call.name === 'dread')) this.note('no-effect');
    return this.watcher.returned(call, answer);
  }

  quiescent(): Finding | null {
    return this.watcher.quiescent();
  }

  /** Something happened so many times. */
  note(notable: Notable, times = 1): void {
    this.notables[placeOf[notable]]! += times;
  }
}

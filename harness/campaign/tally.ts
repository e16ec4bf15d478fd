/**
 * Counts what happened in a campaign: events, operations, injections. It stands between the target and the checks, so
 * that obligations ("a stale mapping was detected") are counted from the same events that the checks judge.
 */
import {
  type Answer,
  type Call,
  EVENT_NAMES,
  Ev,
  type EventKind,
  type FileId,
  type Finding,
  type IterationRecord,
  IterStep,
  MapFlag,
  MapType,
  OPERATION_NAMES,
  type OperationName,
  operationShape,
} from '../../model/contract/index.js';
import type { Watcher } from '../run/engine.js';

/** Things counted that are not simply an event. */
export const NOTABLES = [
  're-begin',
  'short-answer',
  'no-space',
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
  'crash',
  'crash-in-call',
  'crash-tears-log',
  'crash-in-recovery',
] as const;
export type Notable = (typeof NOTABLES)[number];

const placeOf = Object.fromEntries(NOTABLES.map((name, place) => [name, place])) as Record<Notable, number>;

const operationIndex = new Map<OperationName, number>(OPERATION_NAMES.map((name, index) => [name, index]));

export class Tally implements Watcher {
  readonly events = new Float64Array(EVENT_NAMES.length);
  readonly operations = new Float64Array(OPERATION_NAMES.length);
  readonly notables = new Float64Array(NOTABLES.length);
  largeFolioAbove = 0;
  private watcher!: Watcher;
  /** Calls of applications in progress. */
  private open = 0;

  /** Events go on to these checks from now on; a folio above `page` bytes counts as large. */
  begin(watcher: Watcher, page: number): void {
    this.watcher = watcher;
    this.largeFolioAbove = page;
    this.open = 0;
  }

  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    this.events[kind]!++;
    if (kind === Ev['folio-add'] && b > this.largeFolioAbove) this.note('large-folio');
    else if (kind === Ev.stale && this.open > 1) this.note('stale-beside-others');
    this.watcher.emit(kind, file, a, b, c);
  }

  iteration(step: IterStep, record: IterationRecord): void {
    if (step === IterStep.begun) {
      if ((record.iomap.flags & MapFlag.SHARED) !== 0 && record.srcmap.type !== MapType.HOLE) this.note('cow-mapping');
    } else if (step === IterStep.ended && (record.iomap.flags & MapFlag.STALE) !== 0) this.note('re-begin');
    this.watcher.iteration(step, record);
  }

  called(call: Call): void {
    if (operationShape(call.name).background !== true) this.open++;
    this.operations[operationIndex.get(call.name)!]!++;
    if (call.offset > 2 ** 32) this.note(call.offset > 2 ** 52 ? 'near-largest-size' : 'beyond-4-gib');
    this.watcher.called(call);
  }

  returned(call: Call, answer: Answer): Finding | null {
    if (operationShape(call.name).background !== true) this.open--;
    if (answer.error !== 0) {
      this.note('no-effect');
      if (answer.error === -28) this.note('no-space');
      else if (answer.error === -5)
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

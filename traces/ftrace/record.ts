/**
 * The one shape in which all events are built. A record has the fields of every kind, so that the engine sees a single
 * hidden class and an event costs one allocation; what a reader of events may use is what `KernelEvent` gives its kind.
 */
import type { KernelEvent, KernelEventKind } from '../../model/contract/kernel-event.js';

export class EventRecord {
  readonly line: number;
  readonly text: string;
  readonly task: number;
  readonly comm: string;
  readonly cpu: number;
  readonly time: number;
  readonly name: string;
  kind: KernelEventKind = 'unknown';
  dev = '';
  ino = -1;
  pos = 0;
  offset = 0;
  length = 0;
  size = 0;
  flags = 0;
  unknown = 0;
  named = true;
  status = 0;
  ops = '';
  caller = '';
  bdev = '';
  addr = 0;
  type = 0;
  dirtyLength = 0;
  pages = 0;
  doneBefore = 0;
  requestFlags = '';
  dioFlags = '';
  aio = false;
  error = 0;
  ret = 0;
  order = 0;
  pfn = -1;
  isize = -1;
  disize = -1;
  count = 0;
  fork = '';
  startOffset = 0;
  startBlock = 0;
  blocks = 0;
  block = 0;
  fileBlock = 0;
  state = 0;
  newSize = 0;
  cookie = 0;
  sequence = 0;
  marker = '';

  constructor(line: number, text: string, task: number, comm: string, cpu: number, time: number, name: string) {
    this.line = line;
    this.text = text;
    this.task = task;
    this.comm = comm;
    this.cpu = cpu;
    this.time = time;
    this.name = name;
  }

  /** The record as its kind. */
  get event(): KernelEvent {
    return this as unknown as KernelEvent;
  }
}

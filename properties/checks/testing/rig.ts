/** Checks over a fake target, with short ways to say what happens to it: events, calls, iterations, device writes. */
import {
  Answer,
  type Bio,
  type Call,
  Ev,
  type EventName,
  type Finding,
  Iomap,
  type IterationRecord,
  IterStep,
  type MapType,
  makeCall,
  type OperationName,
  type View,
} from '../../../model/contract/index.js';
import { Checks } from '../engine/check-set.js';
import type { CheckDefinition } from '../engine/definition.js';
import { FakeDevice, FakeFile, FakeSpace, FakeTruth, GEOMETRY } from './fake.js';

/** Fills a record. */
export function record(type: MapType, offset: number, length: number, addr = -1, flags = 0): (map: Iomap) => void {
  return map => {
    map.type = type;
    map.offset = offset;
    map.length = length;
    map.addr = addr;
    map.flags = flags;
  };
}

/** Checks over a fake target, with short ways to say what happens. */
export class Rig {
  readonly files = [new FakeFile(0), new FakeFile(1)];
  readonly space = new FakeSpace();
  readonly device = new FakeDevice();
  readonly truth = new FakeTruth();
  readonly held: string[] = [];
  quiet = true;
  readonly checks: Checks;
  readonly answer = new Answer();
  #ids = 0;
  #serial = 0;

  constructor(...definitions: readonly CheckDefinition[]) {
    const { files, space, held } = this;
    const quiet = (): boolean => this.quiet;
    const view: View = {
      file: id => files[id]!,
      files: [0, 1],
      space: () => space,
      locks: { heldBy: () => held },
      get quiescent() {
        return quiet();
      },
    };
    this.checks = new Checks(definitions, { geometry: GEOMETRY, view, truth: this.truth, device: this.device });
  }

  /** The first file. */
  get file(): FakeFile {
    return this.files[0]!;
  }

  emit(name: EventName, a = 0, b = 0, c = 0, file = 0): void {
    this.checks.emit(Ev[name], file, a, b, c);
  }

  begin(name: OperationName, fields: Partial<Call> = {}): Call {
    const call = makeCall(++this.#ids, name, fields.file ?? 0, fields);
    this.checks.called(call);
    return call;
  }

  end(call: Call, error = 0, count = 0): Finding | null {
    this.answer.clear();
    this.answer.error = error;
    this.answer.count = count;
    return this.checks.returned(call, this.answer);
  }

  /** A call from begin to end, with something happening in between; what was found, at its return or when all is quiet. */
  call(
    name: OperationName,
    fields: Partial<Call> = {},
    during: () => void = () => {},
    error = 0,
    count = 0,
  ): Finding | null {
    const call = this.begin(name, fields);
    during();
    return this.end(call, error, count) ?? (this.quiet ? this.checks.quiescent() : null);
  }

  /** Looks at the files as they are, without anything having happened. */
  look(): Finding | null {
    return this.call('mmap');
  }

  iteration(flags: number, pos: number, length: number): FakeIteration {
    return new FakeIteration(this, ++this.#serial, flags, pos, length);
  }

  /** A data write goes to the device and, unless it is to stay in flight, completes. */
  write(offset: number, addr: number, bytes: Uint8Array, status: number | null = 0, atomic = false, fua = false): void {
    const bio: Bio = {
      kind: 'write',
      addr,
      length: bytes.length,
      memory: bytes,
      at: 0,
      fua,
      atomic,
      cargo: 'data',
      file: 0,
      offset,
      done() {},
    };
    this.device.inFlight.push(bio);
    this.emit('bio-write', addr, bytes.length, offset);
    if (status !== null) this.complete(bio, status);
  }

  /** A cache flush, from submission to completion. */
  flush(serial: number): void {
    this.emit('flush-begin', serial, 0, 0, -1);
    this.emit('flush', serial, 0, 0, -1);
  }

  complete(bio: Bio, status = 0): void {
    this.device.inFlight.splice(this.device.inFlight.indexOf(bio), 1);
    if (status === 0) this.device.contents.set(bio.memory, bio.addr);
    this.emit('bio-done', bio.addr, bio.length, status);
  }
}

/** A mapping iteration told step by step. */
export class FakeIteration implements IterationRecord {
  readonly serial: number;
  readonly task = 1;
  readonly file = 0;
  flags: number;
  pos: number;
  length: number;
  start: number;
  asked: number;
  effective = 0;
  written = 0;
  status = 0;
  error = 0;
  readonly iomap = new Iomap();
  readonly srcmap = new Iomap();
  readonly #rig: Rig;

  constructor(rig: Rig, serial: number, flags: number, pos: number, length: number) {
    this.#rig = rig;
    this.serial = serial;
    this.flags = flags;
    this.pos = pos;
    this.start = pos;
    this.length = length;
    this.asked = length;
  }

  tell(step: IterStep, error = 0): this {
    this.error = error;
    this.#rig.checks.iteration(step, this);
    return this;
  }

  /** begin is asked and returns the record as `fill` makes it. */
  begin(fill: (iomap: Iomap, srcmap: Iomap) => void, between: () => void = () => {}): this {
    this.start = this.pos;
    this.asked = this.length;
    this.written = 0;
    this.iomap.clear();
    this.srcmap.clear();
    this.tell(IterStep.beginning);
    between();
    fill(this.iomap, this.srcmap);
    this.effective = Math.max(0, Math.min(this.pos + this.length, this.iomap.end) - this.pos);
    if (this.srcmap.type !== 0) this.effective = Math.min(this.effective, this.srcmap.end - this.pos);
    return this.tell(IterStep.begun).tell(IterStep.body);
  }

  /** `written` bytes are done and end is called; `during` is what it does. */
  end(written: number, during: () => void = () => {}): this {
    this.pos += written;
    this.length -= written;
    this.written = written;
    this.tell(IterStep.ending);
    during();
    return this.tell(IterStep.ended);
  }

  finish(error = 0): this {
    return this.tell(IterStep.finished, error);
  }
}

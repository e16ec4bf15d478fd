/** A model with short ways to play calls against it and to hand it wrong answers, for tests. */
import {
  Answer,
  type Call,
  DEFAULT_OPTIONS,
  type FileSystemOptions,
  type Finding,
  type Geometry,
  makeCall,
  type OperationName,
} from '../../contract/index.js';
import { createModel, type ReferenceModel } from '../index.js';

export const TINY: Geometry = { blockSize: 16, pageSize: 64, maxFolioSize: 64, sectorSize: 16, deviceBlocks: 4096 };
export const USUAL: Geometry = {
  blockSize: 4096,
  pageSize: 4096,
  maxFolioSize: 65_536,
  sectorSize: 512,
  deviceBlocks: 1024,
};

export class Session {
  readonly model: ReferenceModel;
  private id = 0;

  constructor(geometry: Partial<Geometry> = {}, options: Partial<FileSystemOptions> = {}, files = 3) {
    const all = { ...DEFAULT_OPTIONS, ...options };
    this.model = createModel({ geometry: { ...TINY, ...geometry }, options: all, files, fs: 'xfs' });
  }

  call(name: OperationName, fields: Partial<Call> = {}, file = 0): Call {
    const call = makeCall(++this.id, name, file, fields);
    this.model.invoke(call);
    return call;
  }

  /** The model's own answer, which it must accept. */
  do(name: OperationName, fields: Partial<Call> = {}, file = 0): Answer {
    const call = this.call(name, fields, file);
    const answer = this.model.answer(call, new Answer());
    answer.bytes = answer.bytes.slice(0, answer.count);
    const wrong = this.model.respond(call, answer);
    if (wrong !== null) throw new Error(`${name}: ${wrong.message}`);
    return answer;
  }

  /** What the model says to its own answer with some fields changed. */
  judge(name: OperationName, fields: Partial<Call>, change: Partial<Answer>, file = 0): Finding | null {
    const call = this.call(name, fields, file);
    return this.respond(call, change);
  }

  respond(call: Call, change: Partial<Answer>): Finding | null {
    const answer = this.model.answer(call, new Answer());
    answer.bytes = answer.bytes.slice(0, answer.count);
    return this.model.respond(call, Object.assign(answer, change));
  }

  /** The contents of the file, through `read`. */
  bytes(offset: number, length: number, file = 0): number[] {
    const answer = this.do('read', { offset, length }, file);
    return [...answer.bytes.subarray(0, answer.count)];
  }

  layout(file = 0): string {
    return this.model
      .state(file)
      .extents.map(e => `${e.offset}-${e.offset + e.length}:${e.type}${e.shared ? ':shared' : ''}`)
      .join(' ');
  }
}

/**
 * How fast the reference model judges: random operations in a tiny and in a real geometry, each invoked, answered and
 * judged, sequence by sequence as a campaign does it. `node dist/harness/bench/model.js`.
 */
import { performance } from 'node:perf_hooks';
import {
  Answer,
  type Call,
  CallFlag,
  DEFAULT_OPTIONS,
  type Geometry,
  KERNEL_GEOMETRY,
  makeCall,
  type OperationName,
  operationShape,
} from '../../model/contract/index.js';
import { createModel, type ReferenceModel } from '../../model/files/index.js';

const tiny: Geometry = { blockSize: 16, pageSize: 64, maxFolioSize: 256, sectorSize: 16, deviceBlocks: 4096 };
const MIX: readonly OperationName[] = [
  ...['read', 'read', 'write', 'write', 'mapread', 'mapwrite', 'truncate', 'falloc', 'punch', 'zero', 'collapse'],
  ...['insert', 'fsync', 'seekData', 'seekHole', 'stat', 'fiemap', 'writeback', 'reclaim', 'dropCaches'],
] as OperationName[];
const SHARING: readonly OperationName[] = [...MIX, 'reflink', 'dedupe', 'copy', 'unshare', 'dread', 'dwrite'];

/** A sequence of calls from a seed; the same for every round. */
function sequence(names: readonly OperationName[], geometry: Geometry, fileBytes: number, seed: number): Call[] {
  let x = seed;
  const random = (n: number): number => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
  return Array.from({ length: 100 }, (_, id) => {
    const name = names[random(names.length)]!;
    const whole = name === 'collapse' || name === 'insert' || name === 'reflink' || name.startsWith('d');
    const unit = whole ? geometry.blockSize : 1;
    const at = (): number => Math.floor(random(fileBytes) / unit) * unit;
    const length = unit * Math.ceil((1 + random(fileBytes / 8)) / unit);
    return makeCall(id, name, 0, {
      offset: at(),
      fromOffset: at(),
      length,
      size: name === 'truncate' ? random(fileBytes) : 0,
      data: operationShape(name).fields.includes('data') ? 1 + (id % 211) : 0,
      flags: name === 'mapwrite' ? CallFlag.GROW : 0,
    });
  });
}

/** What a right target answers to each call, recorded once so that only judging is timed. */
function answersTo(model: ReferenceModel, calls: readonly Call[]): Answer[] {
  model.reset();
  return calls.map(call => {
    const answer = new Answer();
    model.invoke(call);
    model.answer(call, answer);
    answer.bytes = answer.bytes.slice(0, answer.count);
    if (model.respond(call, answer) !== null) throw new Error(`the model refuses its own answer to ${call.name}`);
    return answer;
  });
}

function measure(title: string, names: readonly OperationName[], geometry: Geometry, fileBytes: number): void {
  const model = createModel({ geometry, options: DEFAULT_OPTIONS, files: 2, fs: 'xfs' });
  const sequences = Array.from({ length: 200 }, (_, i) => sequence(names, geometry, fileBytes, i + 1));
  const answers = sequences.map(calls => answersTo(model, calls));
  const round = (): number => {
    const start = performance.now();
    for (const [s, calls] of sequences.entries()) {
      model.reset();
      for (let i = 0; i < calls.length; i++) {
        const call = calls[i]!;
        model.invoke(call);
        model.respond(call, answers[s]![i]!);
      }
    }
    return (1000 * (performance.now() - start)) / (sequences.length * 100);
  };
  for (let i = 0; i < 5; i++) round();
  const rounds = Array.from({ length: 15 }, () => round()).sort((a, b) => a - b);
  process.stdout.write(`${title}: ${rounds[7]!.toFixed(2)} µs an operation, invoked and judged\n`);
}

measure('tiny', MIX, tiny, 2048);
measure('tiny with sharing', SHARING, tiny, 2048);
measure('4 KiB', MIX, KERNEL_GEOMETRY, 262_144);
measure('4 KiB with sharing', SHARING, KERNEL_GEOMETRY, 262_144);

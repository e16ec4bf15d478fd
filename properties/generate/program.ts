/**
 * Programs from integers: two an operation, and a decoder for which every pair of integers is a valid operation, so that
 * generation costs nothing beside execution and any shrinking of the integers is a program again. The decoder follows the
 * sizes that the files will have, so that few operations are without effect; how each operation turns the two integers
 * into arguments stands in the list of decoders.
 */
import {
  type Call,
  type Geometry,
  LARGEST_FILE,
  makeCall,
  OPERATION_NAMES,
  type OperationName,
  operationShape,
} from '../../model/contract/index.js';
import { DECODERS, type Draw, GROWTH } from './decoders.js';
import type { Selector } from './swarm.js';

/** What shapes a program beside its integers. */
export interface ProgramShape {
  readonly geometry: Geometry;
  readonly selector: Selector;
  /** 1 … 4. */
  readonly files: number;
  /** Where the interesting part of each file starts: 0, or far out (above 4 GiB, just below the largest size). */
  readonly base: number;
  /** Bytes of the interesting part. */
  readonly span: number;
  /** Longest range of one operation, in bytes. */
  readonly longest: number;
  /** One range in this many has block boundaries at both ends; 1: all. */
  readonly alignEvery: number;
}

const BACKGROUND: ReadonlySet<OperationName> = new Set(
  OPERATION_NAMES.filter(name => operationShape(name).background === true),
);
/** Operations that store tagged bytes. */
const TAGGED: ReadonlySet<OperationName> = new Set(
  OPERATION_NAMES.filter(name => operationShape(name).fields.includes('data')),
);

/** The operations of a program in order; those of the background carry task 0. */
export function decodeProgram(shape: ProgramShape, integers: ArrayLike<number>, task = 1): Call[] {
  const calls: Call[] = [];
  const sizes = new Float64Array(shape.files);
  for (let i = 0; i + 1 < integers.length; i += 2) {
    const a = integers[i]! >>> 0;
    const b = integers[i + 1]! >>> 0;
    const name = shape.selector[a & 0xff]!;
    const file = (a >>> 8) % shape.files;
    const draw = place(shape, a, b, file, sizes);
    const id = i / 2 + 1;
    const decode = DECODERS[name];
    // An operation that would be without effect here (a read of an empty file …) becomes a write.
    const fields = decode(draw) ?? null;
    const chosen: OperationName = fields === null ? 'write' : name;
    const arguments_ = fields ?? DECODERS.write(draw)!;
    const by = BACKGROUND.has(chosen) ? 0 : task;
    const call = makeCall(id, chosen, file, arguments_, by, TAGGED.has(chosen) ? ((id - 1) % 200) + 1 : 0);
    calls.push(call);
    foresee(call, sizes);
  }
  return calls;
}

/** The range that two integers mean, before the operation looks at it. */
function place(shape: ProgramShape, a: number, b: number, file: number, sizes: Float64Array): Draw {
  const { blockSize } = shape.geometry;
  const aligned = (a >>> 12) % shape.alignEvery === 0;
  let length = 1 + ((b & 0xffff) % shape.longest);
  let offset = (b >>> 16) % Math.max(1, shape.span - (length >> 1));
  if (aligned) {
    offset -= offset % blockSize;
    length = Math.max(blockSize, length - (length % blockSize));
  }
  return {
    geometry: shape.geometry,
    file,
    files: shape.files,
    base: shape.base,
    span: shape.span,
    offset: shape.base + offset,
    length: Math.max(1, Math.min(length, LARGEST_FILE - shape.base - offset)),
    size: sizes[file]!,
    sizes,
    bits: a >>> 16,
  };
}

/** What the sizes will be, if the call succeeds; only used to aim, so errors do not matter. */
function foresee(call: Call, sizes: Float64Array): void {
  const grows = GROWTH[call.name];
  if (grows !== undefined) sizes[call.file] = grows(sizes[call.file]!, call);
}

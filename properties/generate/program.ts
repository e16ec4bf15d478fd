/**
 * Programs from integers: two an operation, and a decoder for which every pair of integers is a valid operation, so that
 * generation costs nothing beside execution and any shrinking of the integers is a program again. The decoder follows the
 * sizes that the files will have, so that few operations are without effect; how each operation turns the two integers
 * into arguments stands in the list of decoders.
 */
import {
  type Call,
  type Geometry,
  makeCall,
  OPERATION_NAMES,
  type OperationName,
  operationShape,
  operationTable,
  type TaskId,
} from '../../model/contract/index.js';
import { DECODERS, type Decoder, type Draw, GROWTH, type Growth } from './decoders.js';
import { mistake } from './mistakes.js';
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

/** Whose calls the operations of a program become. */
export interface Callers {
  /** The operation has no place among these callers. */
  leavesOut(name: OperationName): boolean;
  /** Who makes the next call; `background`: nobody called for it. */
  task(background: boolean): TaskId;
  /** The flags that it makes it with, in place of these. */
  flags(name: OperationName, flags: number): number;
}

/** Task 1 makes all calls, and task 0 is the background. */
export const ONE_TASK: Callers = {
  leavesOut: () => false,
  task: background => (background ? 0 : 1),
  flags: (_name, flags) => flags,
};

/** What a program needs of each operation, by its number. */
const decoders = operationTable((name): Decoder => DECODERS[name]);
const growths = operationTable((name): Growth | undefined => GROWTH[name]);
const background = operationTable(name => operationShape(name).background === true);
/** Stores tagged bytes. */
const tagged = operationTable(name => operationShape(name).fields.includes('data'));
const WRITE = OPERATION_NAMES.indexOf('write');

/** The operations of a program in order. */
export function decodeProgram(shape: ProgramShape, integers: ArrayLike<number>, callers: Callers): Call[] {
  const calls: Call[] = [];
  const sizes = new Float64Array(shape.files);
  for (let i = 0; i + 1 < integers.length; i += 2) {
    const a = integers[i]! >>> 0;
    const b = integers[i + 1]! >>> 0;
    const drawn = shape.selector[a & 0xff]!;
    const file = (a >>> 8) % shape.files;
    const draw = place(shape, a, b, file, sizes);
    const decoded = decoders[drawn]!(draw);
    // An operation that would be without effect here (a read of an empty file …) becomes a write.
    const operation = decoded === null ? WRITE : drawn;
    const fields = decoded ?? DECODERS.write(draw)!;
    // What the sizes will be, if the call succeeds; only used to aim, so errors do not matter.
    const grows = growths[operation];
    if (!mistake(operation, draw.bits, fields) && grows !== undefined) sizes[file] = grows(sizes[file]!, fields);
    const name = OPERATION_NAMES[operation]!;
    if (callers.leavesOut(name)) continue;
    const id = i / 2 + 1;
    const task = callers.task(background[operation]!);
    const data = tagged[operation] ? ((id - 1) % 200) + 1 : 0;
    calls.push(makeCall(id, name, file, fields, task, data, callers.flags(name, fields.flags)));
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
  const size = sizes[file]!;
  const bits = a >>> 16;
  // One in four, of a file that ends before its interesting part: as far behind the end as 32 bits do not count.
  const behind = size + 2 ** 32 - shape.base;
  if (size < shape.base && behind >= 0 && behind < shape.span && (bits & 0x6000) === 0x6000) offset = behind;
  return {
    geometry: shape.geometry,
    file,
    files: shape.files,
    base: shape.base,
    span: shape.span,
    offset: shape.base + offset,
    length,
    size,
    sizes,
    bits,
  };
}

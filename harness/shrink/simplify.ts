/**
 * Plainer arguments: smaller lengths, offsets and sizes, multiples of the block before others; flags off, whole buffers
 * accessible, one file, one task. Each change makes one thing simpler in an order that has no endless descent, so the
 * passes end by themselves.
 */
import {
  type Call,
  CallFlag,
  type Geometry,
  LARGEST_FILE,
  operationShape,
  roundDown,
  roundUp,
} from '../../model/contract/index.js';
import {
  type Action,
  type DirectiveLine,
  type InjectedCall,
  RANGE_OPTIONAL,
  type Trace,
  type TraceLine,
} from '../../traces/format/index.js';
import type { Attempt } from './attempt.js';

type Fields = InjectedCall;
type Change = (fields: Fields, geometry: Geometry) => Iterable<Fields>;

const WHOLE = { offset: 0, length: LARGEST_FILE };

function isWhole(fields: Fields): boolean {
  return RANGE_OPTIONAL.has(fields.name) && fields.offset === WHOLE.offset && fields.length === WHOLE.length;
}

/** What may become simpler about a call, most rewarding first. */
const CHANGES: readonly Change[] = [
  fields => (fields.accessible === -1 ? [] : [{ ...fields, accessible: -1 }]),
  fields =>
    operationShape(fields.name)
      .flags.filter(flag => (fields.flags & CallFlag[flag]) !== 0)
      .map(flag => ({ ...fields, flags: fields.flags & ~CallFlag[flag] })),
  fields => (fields.task > 1 ? [{ ...fields, task: 1 }] : []),
  fields =>
    fields.file === 0 ? [] : [{ ...fields, file: 0, fromFile: fields.fromFile === fields.file ? 0 : fields.fromFile }],
  fields => (fields.fromFile === fields.file ? [] : [{ ...fields, fromFile: fields.file }]),
  // Where a range may be left out, no range is the plainest.
  fields => (RANGE_OPTIONAL.has(fields.name) && !isWhole(fields) ? [{ ...fields, ...WHOLE }] : []),
  // A call of length 0 has no effect to speak of: it would hide that one step less does with a real one.
  (fields, geometry) =>
    isWhole(fields)
      ? []
      : simpler(fields.length, geometry)
          .filter(length => length > 0)
          .map(length => ({ ...fields, length })),
  (fields, geometry) =>
    isWhole(fields) ? [] : simpler(fields.offset, geometry).map(offset => ({ ...fields, offset })),
  (fields, geometry) => simpler(fields.fromOffset, geometry).map(fromOffset => ({ ...fields, fromOffset })),
  (fields, geometry) => simpler(fields.size, geometry).map(size => ({ ...fields, size })),
];

/** Simplifies every call, also those of directives, until no single change helps. */
export function simplifyCalls(trace: Trace, attempt: Attempt): Trace {
  let best = trace;
  for (let again = true; again; ) {
    again = false;
    for (let index = 0; index < best.lines.length; index++) {
      for (let more = true; more; ) {
        more = false;
        for (const line of plainer(best.lines[index]!, best.header.geometry)) {
          const lines = best.lines.map((other, place) => (place === index ? line : other));
          const simpler = attempt({ ...best, lines });
          if (simpler === null) continue;
          best = simpler;
          again = true;
          more = true;
          break;
        }
      }
    }
  }
  return best;
}

function* plainer(line: TraceLine, geometry: Geometry): Iterable<TraceLine> {
  if (line.kind === 'operation') {
    const { id, ...fields } = line.call;
    for (const change of CHANGES)
      for (const changed of change(fields, geometry)) {
        const call: Call = { ...changed, id };
        yield { ...line, call };
      }
  } else if (line.kind === 'directive') {
    for (const [index, action] of line.actions.entries()) {
      for (const changed of plainerActions(action, geometry)) {
        const actions = line.actions.map((other, place) => (place === index ? changed : other));
        const plain: DirectiveLine = { ...line, actions };
        yield plain;
      }
    }
  }
}

function* plainerActions(action: Action, geometry: Geometry): Iterable<Action> {
  if (action.kind === 'choice') {
    if (action.answer > 1) yield { ...action, answer: 1 };
  } else if (action.kind === 'call') {
    for (const change of CHANGES)
      for (const changed of change(action.call, geometry)) {
        // The task says on whose behalf an injected call runs, which is part of what happens.
        if (changed.task === action.call.task) yield { kind: 'call', call: changed };
      }
  }
}

/** Simpler values, the simplest first: multiples of the block count as simpler than all others. */
function simpler(value: number, geometry: Geometry): number[] {
  if (!Number.isFinite(value)) return [0];
  const block = geometry.blockSize;
  const candidates = [
    0,
    block,
    roundDown(Math.floor(value / 2), block),
    roundDown(value, block),
    roundUp(value, block),
    value - block,
    1,
    Math.floor(value / 2),
    value - 1,
  ];
  const odd = (candidate: number): number => (candidate % block === 0 ? 0 : 1);
  return [...new Set(candidates)].filter(
    candidate =>
      candidate >= 0 &&
      (odd(candidate) < odd(value) || (odd(candidate) === odd(value) && Math.abs(candidate) < Math.abs(value))),
  );
}

/**
 * Fewer steps: removes operations, directives and single actions as long as the trace still fails. First large pieces,
 * from the end, then smaller ones (delta debugging), at last single steps and pairs until nothing more can go. A directive
 * whose operation is gone goes with it.
 */
import type { DirectiveLine, Trace, TraceLine } from '../../traces/format/index.js';
import type { Attempt } from './attempt.js';
import { unrolled } from './unroll.js';

/** Pairs are tried only in traces this short: their number is quadratic. */
const SHORT = 40;

/** Removes pieces of half the trace, a quarter …, single lines. */
export function removePieces(trace: Trace, attempt: Attempt): Trace {
  let best = trace;
  for (let size = Math.ceil(best.lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = best.lines.length; end > 0; ) {
      const start = Math.max(0, end - size);
      const smaller = attempt(without(best, index => index >= start && index < end));
      if (smaller !== null) best = smaller;
      end = Math.min(start, best.lines.length);
    }
  }
  return best;
}

/** Device sizes that are tried, in blocks: on a smaller one fewer steps run out of space. */
const DEVICES = [8, 12, 16, 24, 32, 48, 64, 96, 128];

/** Removes single lines, single actions of directives, runs of other tasks, then pairs of lines, until none can go. */
export function removeSingles(trace: Trace, attempt: Attempt): Trace {
  let best = trace;
  for (let again = true; again; ) {
    again = false;
    for (const candidates of [linesGone, actionsGone, unrolled, linesGoneOnSmallDevices, pairsGone]) {
      const smaller = firstThatFails(candidates(best), attempt);
      if (smaller === null) continue;
      best = smaller;
      again = true;
      break;
    }
  }
  return best;
}

function firstThatFails(candidates: Iterable<Trace>, attempt: Attempt): Trace | null {
  for (const candidate of candidates) {
    const smaller = attempt(candidate);
    if (smaller !== null) return smaller;
  }
  return null;
}

function* linesGone(trace: Trace): Iterable<Trace> {
  for (let index = trace.lines.length - 1; index >= 0; index--) yield without(trace, other => other === index);
}

function* pairsGone(trace: Trace): Iterable<Trace> {
  const { length } = trace.lines;
  if (length > SHORT) return;
  for (let second = length - 1; second > 0; second--)
    for (let first = second - 1; first >= 0; first--)
      yield without(trace, index => index === first || index === second);
}

/** A trace that needs a full device does with fewer steps on a smaller one. */
function* linesGoneOnSmallDevices(trace: Trace): Iterable<Trace> {
  const { geometry } = trace.header;
  for (const deviceBlocks of DEVICES) {
    if (deviceBlocks >= geometry.deviceBlocks) return;
    const small = { ...trace, header: { ...trace.header, geometry: { ...geometry, deviceBlocks } } };
    yield* linesGone(small);
  }
}

function* actionsGone(trace: Trace): Iterable<Trace> {
  for (const [index, line] of trace.lines.entries()) {
    if (line.kind !== 'directive' || line.actions.length < 2) continue;
    for (let gone = line.actions.length - 1; gone >= 0; gone--) {
      const fewer: DirectiveLine = { ...line, actions: line.actions.filter((_, other) => other !== gone) };
      yield { ...trace, lines: trace.lines.map((other, place) => (place === index ? fewer : other)) };
    }
  }
}

function without(trace: Trace, gone: (index: number) => boolean): Trace {
  const kept = trace.lines.filter((_, index) => !gone(index));
  const names = new Set(kept.map(nameOf));
  return { ...trace, lines: kept.filter(line => line.kind !== 'directive' || names.has(line.op)) };
}

function nameOf(line: TraceLine): number {
  if (line.kind === 'operation') return line.call.id;
  return line.kind === 'seekMap' ? line.id : -1;
}

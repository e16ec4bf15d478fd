/**
 * Model and implementation after the same trace: what may not differ between two correct implementations (sizes and
 * contents; compare.ts says why not where data lies) must be the same. Traces with directives are left out, and those in
 * which a call was answered otherwise: what may be answered is a set, and each side has been judged by it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Trace } from '../../traces/format/index.js';
import type { FileReport, ReplayOutcome } from './outcome.js';

const PARTS: readonly {
  readonly name: string;
  readonly of: (file: FileReport) => unknown;
  readonly text: (file: FileReport) => string;
}[] = [
  { name: 'size', of: file => file.size, text: file => String(file.size) },
  { name: 'contents', of: file => file.sha256, text: file => file.sha256 ?? 'unknown' },
];

/** The outcome on the target, with what differs from the model's added to its problems. */
export function agreeing(trace: Trace, model: ReplayOutcome, other: ReplayOutcome): ReplayOutcome {
  const disturbed = trace.lines.some(line => line.kind === 'directive');
  const parted = other.results.some((result, i) => result !== model.results[i]);
  if (disturbed || parted || other.finding !== null || model.finding !== null) return other;
  const problems = Object.entries(model.files).flatMap(([name, expected]) => {
    const got = other.files[name];
    if (got === undefined || model.parted.includes(name) || other.parted.includes(name)) return [];
    return PARTS.filter(part => !isDeepStrictEqual(part.of(got), part.of(expected))).map(part => ({
      op: null,
      message: `${name} at the end: ${part.name} ${part.text(got)}, in the model ${part.text(expected)}`,
    }));
  });
  if (problems.length === 0) return other;
  const verdict = other.verdict === 'clean' ? 'expected-answer-missing' : other.verdict;
  return { ...other, verdict, problems: [...other.problems, ...problems] };
}

/**
 * Calls that are mistakes of their caller: about one in 256 has nothing to do, lies before its file, or behind the largest
 * size. Refusing is behaviour too (kernel-facts.md section 5), and a refusal changes nothing.
 */
import { LARGEST_FILE, operationShape, operationTable } from '../../model/contract/index.js';
import type { Fields } from './decoders.js';

type Mistake = (fields: Fields) => void;

/** By what a call of an operation has. */
const MISTAKES: Readonly<Partial<Record<string, readonly Mistake[]>>> = {
  length: [
    fields => {
      fields.length = 0;
    },
  ],
  offset: [
    fields => {
      fields.offset = -Math.max(1, fields.length);
    },
    fields => {
      fields.offset = LARGEST_FILE;
    },
  ],
  size: [
    fields => {
      fields.size = -1;
    },
    fields => {
      fields.size = LARGEST_FILE + 1;
    },
  ],
  from: [
    fields => {
      fields.fromOffset = LARGEST_FILE;
    },
  ],
};

/** Operations of the background have no caller. */
const mistakes = operationTable((name): readonly Mistake[] => {
  const { background, fields } = operationShape(name);
  return background === true ? [] : fields.flatMap(field => MISTAKES[field] ?? []);
});

/** Makes a mistake of the call where its sixteen bits say so; false if it stays as it was meant. */
export function mistake(operation: number, bits: number, fields: Fields): boolean {
  const hash = Math.imul(bits, 0x9e37_79b1) >>> 16;
  const possible = mistakes[operation]!;
  if (hash >>> 8 !== 0 || possible.length === 0) return false;
  possible[hash % possible.length]!(fields);
  return true;
}

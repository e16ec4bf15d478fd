/**
 * Calls that are mistakes of their caller: about one in 256 has nothing to do, lies before its file, or behind the largest
 * size. Refusing is behaviour too (kernel-facts.md section 5), and a refusal changes nothing.
 */
import { LARGEST_FILE, operationShape, operationTable } from '../../model/contract/index.js';
import type { Fields } from './decoders.js';

type Mistake = (fields: Fields) => void;

const MISTAKES: readonly Mistake[] = [
  fields => {
    fields.length = 0;
  },
  fields => {
    fields.offset = -Math.max(1, fields.length);
    fields.size = -1;
  },
  fields => {
    fields.offset = LARGEST_FILE;
    fields.size = LARGEST_FILE + 1;
  },
  fields => {
    fields.fromOffset = LARGEST_FILE;
  },
];

/** Operations of the background have no caller, and only ranges and sizes can be mistaken. */
const mistakable = operationTable(name => {
  const { background, fields } = operationShape(name);
  return background !== true && (fields.includes('offset') || fields.includes('size'));
});

/** Makes a mistake of the call where its sixteen bits say so; false if it stays as it was meant. */
export function mistake(operation: number, bits: number, fields: Fields): boolean {
  const hash = Math.imul(bits, 0x9e37_79b1) >>> 22;
  if (hash >= MISTAKES.length || !mistakable[operation]) return false;
  MISTAKES[hash]!(fields);
  return true;
}

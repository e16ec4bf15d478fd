/** Reads a list of known violations: one a line, an id and the reason why it is known; `#` starts a comment. */
import { isRule } from '../../properties/rules/index.js';
import { readText } from '../files/read.js';
import { UsageError } from './exit.js';

export function readKnown(path: string): Map<string, string> {
  const known = new Map<string, string>();
  const text = readText(path, `--known ${path}`);
  text.split('\n').forEach((line, index) => {
    const bare = line.replace(/#.*/, '').trim();
    if (bare === '') return;
    const match = /^([A-Z]+-[A-Z0-9]+)\s+(\S.*)$/.exec(bare);
    if (match === null) throw new UsageError(`${path}:${index + 1}: expected an id and a reason, got "${bare}"`);
    const [, id, reason] = match as unknown as readonly [string, string, string];
    if (!isRule(id)) throw new UsageError(`${path}:${index + 1}: expected the id of a rule, got "${id}"`);
    if (known.has(id))
      throw new UsageError(`${path}:${index + 1}: expected an id that no line before has, got "${id}"`);
    known.set(id, reason);
  });
  return known;
}

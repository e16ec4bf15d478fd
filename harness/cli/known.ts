/** Reads a list of known violations: one a line, an id and the reason why it is known; `#` starts a comment. */
import { readFileSync } from 'node:fs';
import { UsageError } from './exit.js';

export function readKnown(path: string): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--known ${path}: ${(error as Error).message}`);
  }
  const known = new Map<string, string>();
  text.split('\n').forEach((line, index) => {
    const bare = line.replace(/#.*/, '').trim();
    if (bare === '') return;
    const match = /^([A-Z]+-[A-Z0-9]+)\s+(\S.*)$/.exec(bare);
    if (match === null) throw new UsageError(`${path}:${index + 1}: expected an id and a reason, got "${bare}"`);
    known.set(match[1]!, match[2]!);
  });
  return known;
}

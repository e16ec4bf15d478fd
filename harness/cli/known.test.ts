import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { UsageError } from './exit.js';
import { readKnown } from './known.js';

const BAD: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['no reason', 'INV-16\n', /:1: expected an id and a reason, got "INV-16"$/],
  ['an id of no rule', '# list\nINV-999 because\n', /:2: expected the id of a rule, got "INV-999"$/],
  ['an id twice', 'INV-16 one\nINV-16 two\n', /:2: expected an id that no line before has, got "INV-16"$/],
];
for (const [what, text, message] of BAD)
  test(`a list of known violations with ${what} is refused with its line`, t => {
    const folder = mkdtempSync(join(tmpdir(), 'known-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'known.txt');
    writeFileSync(path, text);
    t.throws(() => readKnown(path), { instanceOf: UsageError, message });
  });

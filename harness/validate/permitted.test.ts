/**
 * Excerpts of what a real kernel did in races, at full disks, with errors of devices, each cut down to the lines that a
 * rule once took for a fault. Their second line says what they show. No rule may speak.
 */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { validateText } from './validate.js';

const EXCERPTS = new URL('../../../harness/validate/permitted/', import.meta.url);

for (const file of readdirSync(EXCERPTS).sort()) {
  test(`no rule is broken by ${file}`, t => {
    const validator = validateText(readFileSync(new URL(file, EXCERPTS), 'latin1'));
    t.deepEqual(
      validator.findings.map(f => `${f.line} ${f.id} ${f.message}`),
      [],
    );
    t.true(validator.events > 0);
    t.deepEqual(validator.notes, []);
  });
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { UsageError } from '../cli/exit.js';
import { checkFile, checkFolder } from './check.js';
import { writeFile } from './write.js';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
const file = join(folder, 'file');
writeFileSync(file, 'text');
test.after.always(() => rmSync(folder, { recursive: true }));

test('what can be written is, with its folders, and asking leaves nothing behind', t => {
  const path = join(folder, 'some', 'where', 'new');
  checkFile(path, `--json ${path}`);
  checkFolder(join(folder, 'some'), '--out some');
  t.deepEqual(readdirSync(folder), ['file']);
  writeFile(path, 'text');
  t.is(readFileSync(path, 'utf8'), 'text');
});

test('a file in the way, a name that is too long and a folder that cannot be made are one line each, at once', t => {
  const bad = [join(file, 'below'), join(folder, 'n'.repeat(300)), '/proc/nope/x'];
  for (const path of bad) {
    const message = /^.*: (cannot be written: |expected .* to be a folder, got a file).*$/;
    t.throws(() => checkFolder(path, `--out ${path}`), { instanceOf: UsageError, message });
    t.throws(() => checkFile(path, `--json ${path}`), { instanceOf: UsageError, message });
    t.throws(() => writeFile(path, 'text'), { instanceOf: UsageError, message });
  }
  t.throws(() => checkFile(folder, `--json ${folder}`), { message: `--json ${folder}: expected a file, got a folder` });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { applyFile } from './apply.js';
import { PatchError, readPatch } from './patch.js';
import { fileDiff, rebasePatch } from './rebase.js';

const base = Array.from({ length: 30 }, (_, k) => (k % 10 === 5 ? 'repeat();' : `line${k}();`)).join('\n');
const mutated = base.replace('line15();\n', '').replace('line16();', 'mutant();');
const file = { path: 'impl/x.ts', creates: false } as const;
const text = `# slug: m\n${fileDiff(file, base, mutated)}`;

function rebase(current: string | null, stated: string | null = null): string {
  return rebasePatch(readPatch(text, 'm.diff'), { current: () => current, root: tmpdir(), base: stated });
}

function applied(patch: string, to: string): string {
  const read = readPatch(patch, 'm.diff');
  return applyFile(to, read.files[0]!, read.name);
}

test('a diff that still applies is made anew with the same effect', t => {
  t.is(rebase(base), text);
  t.is(applied(text, base), mutated);
});

test('a diff whose context changed is made anew from what its lines resemble', t => {
  const current = `new();\n${base.replace('line14();', 'fourteen();').replace('line18();', 'eighteen();')}`;
  t.throws(() => applied(text, current), { instanceOf: PatchError });
  const again = rebase(current);
  t.true(again.startsWith('# slug: m\n'));
  t.is(applied(again, current), current.replace('line16();', 'mutant();'));
});

test('a stated base serves where nothing resembles the diff', t => {
  const folder = mkdtempSync(join(tmpdir(), 'rebase-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'impl'));
  writeFileSync(join(folder, 'impl', 'x.ts'), base);
  const current = base.replace(/line(1[0-4]|1[89]|2\d)\(\);/g, 'moved$1();');
  const again = rebase(current, folder);
  t.is(applied(again, current), current.replace('line16();', 'mutant();'));
});

test('what both changed is a conflict, by name', t => {
  t.throws(() => rebase(base.replace('line16();', 'other();')), {
    instanceOf: PatchError,
    message: /^m\.diff: conflict at line 17 of impl\/x\.ts: the diff changes "line16\(\);", which is now "other\(\);"$/,
  });
});

test('a mutation that the sources have taken over, or whose file is gone, fails by name', t => {
  t.throws(() => rebase(mutated), { instanceOf: PatchError, message: /already reads as the diff wants it/ });
  t.throws(() => rebase(null), { instanceOf: PatchError, message: 'm.diff: there is no impl/x.ts any more' });
  t.throws(() => rebase('quite\ndifferent\n'), { instanceOf: PatchError, message: /resembles hunk 1; state its base/ });
  t.throws(() => rebase(base, 'no-such-revision'), { instanceOf: PatchError, message: /neither a folder nor a git/ });
});

test('a diff gets as much context as its hunks need to be found', t => {
  const twice = `${base}\n${base}`;
  const at = twice.lastIndexOf('repeat();');
  const changed = `${twice.slice(0, at)}once();${twice.slice(at + 'repeat();'.length)}`;
  t.is(applied(fileDiff(file, twice, changed), twice), changed);
});

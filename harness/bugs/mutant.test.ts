import test from 'ava';
import { patchedSources } from './mutant.js';
import { PatchError, readPatch } from './patch.js';

const source = 'export function f(n: number): number {\n  // why\n  return n + 1;\n}\n';

function patched(...lines: string[]): ReadonlyMap<string, string> {
  const text = ['--- a/impl/x.ts', '+++ b/impl/x.ts', '@@ -2,2 +2,2 @@', ...lines, ''].join('\n');
  return patchedSources(readPatch(text, 'm.diff'), path => (path === 'impl/x.ts' ? source : null));
}

test('a patched source is JavaScript that does the other thing', async t => {
  const code = patched('   // why', '-  return n + 1;', '+  return n + 2;').get('impl/x.ts');
  const module = (await import(`data:text/javascript,${encodeURIComponent(code ?? '')}`)) as { f(n: number): number };
  t.is(module.f(1), 3);
});

test('a diff that changes a comment, a type or the layout changes nothing that runs', t => {
  t.throws(() => patched('-  // why', '+  // because', '   return n + 1;'), {
    instanceOf: PatchError,
    message: 'm.diff: changes nothing that runs in impl/x.ts',
  });
  t.throws(() => patched('   // why', '-  return n + 1;', '+  return (n as number)  +  1;'), {
    instanceOf: PatchError,
  });
});

test('a diff that leaves no TypeScript is refused with the line', t => {
  t.throws(() => patched('   // why', '-  return n + 1;', '+  return n +;'), {
    instanceOf: PatchError,
    message: /^m\.diff: impl\/x\.ts is no TypeScript after the diff: line 3: /,
  });
});

test('a diff of a file that is not there is refused', t => {
  const text = '--- a/impl/y.ts\n+++ b/impl/y.ts\n@@ -1,1 +1,1 @@\n-a\n+b\n';
  t.throws(() => patchedSources(readPatch(text, 'm.diff'), () => null), {
    instanceOf: PatchError,
    message: 'm.diff: there is no impl/y.ts',
  });
});

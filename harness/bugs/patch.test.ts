import test from 'ava';
import { applyFile } from './apply.js';
import { PatchError, readPatch } from './patch.js';

const source = ['first', 'one', 'two', 'three', 'four', 'one', 'two', 'three', 'last', ''].join('\n');

function diff(...hunks: string[]): string {
  return ['--- a/impl/x.ts', '+++ b/impl/x.ts', ...hunks, ''].join('\n');
}

function apply(text: string): string {
  const patch = readPatch(text, 'm.diff');
  return applyFile(source, patch.files[0]!, patch.name);
}

test('a hunk is found by its text, wherever its line numbers point', t => {
  const result = apply(diff('@@ -90,3 +7,3 @@', ' three', '-four', '+FOUR', ' one'));
  t.is(result, source.replace('four', 'FOUR'));
});

test('carriage returns at line ends do not matter', t => {
  const text = diff('@@ -90,3 +7,3 @@', ' three', '-four', '+FOUR', ' one');
  const result = apply(text.replaceAll('\n', '\r\n'));
  t.is(result, source.replace('four', 'FOUR'));
});

test('hunks of one file are applied together, though the first moves the second', t => {
  const result = apply(diff('@@ -1,2 +1,4 @@', ' first', '+a', '+b', ' one', '@@ -1,2 +1,1 @@', ' three', '-last'));
  t.is(result, source.replace('first', 'first\na\nb').replace('last\n', ''));
});

test('a hunk that fits in two places is refused with both', t => {
  t.throws(() => apply(diff('@@ -2,2 +2,2 @@', ' one', '-two', '+TWO')), {
    instanceOf: PatchError,
    message: 'm.diff:3: hunk 1 of impl/x.ts fits at lines 2, 6; it needs more context',
  });
});

test('a hunk that fits nowhere is refused with the line that differs', t => {
  t.throws(
    () => apply(diff('@@ -1,2 +1,1 @@', ' first', '-one', '@@ -4,3 +4,3 @@', ' three', '-fore', '+FOUR', ' one')),
    {
      instanceOf: PatchError,
      message:
        'm.diff:6: hunk 2 of impl/x.ts does not apply: nearest is line 4, but at line 5 there is "four" instead of "fore"',
    },
  );
});

test('hunks in the wrong order are refused', t => {
  const hunks = ['@@ -8,1 +8,1 @@', '-last', '+LAST', '@@ -1,1 +1,1 @@', '-first', '+FIRST'];
  t.throws(() => apply(diff(...hunks)), {
    instanceOf: PatchError,
    message: /hunk 2 .* before the hunk in front of it/,
  });
});

test('headers, preamble and base blob are read', t => {
  const text = `# slug: no-tail\n# Kills: INV-47 INV-60\n#\n# Prose: with colon.\nindex 0123456789ab..ba9876543210\n${diff('@@ -1,1 +1,1 @@', '-first', '+FIRST')}`;
  const patch = readPatch(text, 'dir/other.diff');
  t.is(patch.slug, 'no-tail');
  t.is(patch.headers.get('kills'), 'INV-47 INV-60');
  t.true(patch.preamble.endsWith('# Prose: with colon.\n'));
  t.is(patch.files[0]?.baseBlob, '0123456789ab');
  t.is(readPatch(diff('@@ -1,1 +1,1 @@', '-first', '+FIRST'), 'dir/other.diff').slug, 'other');
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['prose', 'nothing here\n', /^m\.diff: no unified diff in it$/],
  ['a wrong count', diff('@@ -1,3 +1,1 @@', '-first', '+FIRST'), /^m\.diff: .*line 3/],
  ['a file outside of impl', diff('@@ -1,1 +1,1 @@', '-a', '+b').replaceAll('impl', 'model'), /model\/x\.ts is not a/],
  ['a path that climbs out', diff('@@ -1,1 +1,1 @@', '-a', '+b').replaceAll('impl', 'impl/..'), /is not a source/],
  ['a removed file', diff('@@ -1,1 +0,0 @@', '-a').replace('b/impl/x.ts', '/dev/null'), /impl\/x\.ts is removed/],
  ['a test', diff('@@ -1,1 +1,1 @@', '-a', '+b').replaceAll('x.ts', 'x.test.ts'), /is not a source of impl/],
];
for (const [what, text, message] of refused) {
  test(`a diff is refused by name: ${what}`, t => {
    t.throws(() => readPatch(text, 'm.diff'), { instanceOf: PatchError, message });
  });
}

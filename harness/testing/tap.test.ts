import test from 'ava';
import { readTapLine } from './tap.js';

test('a test line gives outcome and title', t => {
  t.deepEqual(readTapLine('ok 3 - files › punch keeps delalloc'), {
    kind: 'test',
    outcome: 'passed',
    title: 'files › punch keeps delalloc',
  });
  t.deepEqual(readTapLine('not ok 4 - size'), { kind: 'test', outcome: 'failed', title: 'size' });
});

test('skipped and announced tests are skipped, whatever their status says', t => {
  t.deepEqual(readTapLine('ok 1 - needs it # SKIP'), { kind: 'test', outcome: 'skipped', title: 'needs it' });
  t.deepEqual(readTapLine('not ok 2 - later # TODO'), { kind: 'test', outcome: 'skipped', title: 'later' });
});

test('a mark inside a title is no directive', t => {
  t.deepEqual(readTapLine('ok 1 - freed by punch \\#14'), {
    kind: 'test',
    outcome: 'passed',
    title: 'freed by punch #14',
  });
});

test('details are kept, their fences and the counts are not', t => {
  t.deepEqual(readTapLine('    name: AssertionError'), { kind: 'detail', text: '    name: AssertionError' });
  t.deepEqual(readTapLine('  ---'), { kind: 'other' });
  t.deepEqual(readTapLine('# pass 12'), { kind: 'other' });
  t.deepEqual(readTapLine('1..12'), { kind: 'other' });
});

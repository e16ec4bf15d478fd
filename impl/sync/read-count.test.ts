import test from 'ava';
import { ReadCount } from './read-count.js';

test('what waits for reads happens at once where there are none, else with the last of them, once', t => {
  const reads = new ReadCount();
  let happened = 0;
  reads.afterwards(() => happened++);
  t.is(happened, 1);
  reads.begin();
  reads.begin();
  reads.afterwards(() => happened++);
  t.true(reads.awaited);
  reads.end();
  t.is(happened, 1);
  t.false(reads.ready());
  reads.end();
  t.is(happened, 2);
  t.false(reads.awaited);
  t.true(reads.ready());
});

test('a read that never began cannot end', t => {
  t.throws(() => new ReadCount().end(), { message: /never began/ });
});

import test from 'ava';
import { DepthFirst } from './depth-first.js';
import type { Decision } from './strategy.js';

function decision(count: number, preempts: boolean): Decision {
  return { count, preempts, last: 1, actors: new Int32Array(count), details: new Int32Array(count) };
}

function schedules(bound: number, steps: readonly Decision[]): string[] {
  const strategy = new DepthFirst(false);
  strategy.draw(bound);
  const seen: string[] = [];
  do {
    strategy.begin();
    seen.push(steps.map(step => strategy.choose(step)).join(''));
  } while (strategy.advance());
  return seen;
}

test('every combination of free choices comes once', t => {
  const seen = schedules(0, [decision(2, false), decision(3, false)]);
  t.deepEqual(seen, ['00', '01', '02', '10', '11', '12']);
});

test('a schedule has no more preemptions than the bound', t => {
  const seen = schedules(1, [decision(2, true), decision(2, true), decision(2, true)]);
  t.deepEqual(seen, ['000', '001', '010', '100']);
});

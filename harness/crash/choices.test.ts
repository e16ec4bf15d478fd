import test from 'ava';
import { MemoryDevice, WaitedBio } from '../../impl/device/index.js';
import { silence } from '../../model/contract/index.js';
import { CRASH_GEOMETRY } from './alphabet.js';
import { Choices } from './choices.js';
import { durableAt } from './recoveries.js';

const SECTOR = CRASH_GEOMETRY.sectorSize;

/** What can survive of writes of the log that were completed and not flushed: each of so many sectors at that one. */
function choicesOf(...writes: readonly (readonly [sector: number, sectors: number])[]): Choices {
  const device = new MemoryDevice(CRASH_GEOMETRY);
  device.reset(true, false, silence);
  writes.forEach(([sector, sectors], i) => {
    const bio = new WaitedBio('write', 'log', sector * SECTOR, new Uint8Array(sectors * SECTOR).fill(i + 1), false);
    device.submit(bio);
    device.complete(bio, 0);
  });
  const { history } = device;
  if (history === null) throw new Error('nothing is recorded');
  return new Choices(history, history.length, SECTOR, durableAt(history, history.length));
}

function all(choices: Choices): string[] {
  const places = Array.from(choices.choice, (_, place) => place);
  const seen: string[] = [];
  choices.reset();
  do seen.push(choices.choice.join(''));
  while (choices.advance(places));
  return seen;
}

test('every combination of what sectors may hold comes once', t => {
  const choices = choicesOf([0, 2], [1, 2]);
  // The one in the middle was written twice.
  t.is(choices.total, 2 * 3 * 2);
  const seen = all(choices);
  t.is(new Set(seen).size, 12);
  t.is(seen.length, 12);
  let torn = 0;
  choices.reset();
  do if (choices.tears) torn++;
  while (choices.advance([0, 1, 2]));
  t.is(choices.torn, torn);
  t.is(choices.alike([]), 12);
  t.is(choices.alike([1]), 4);
});

test('of too many the boundaries come first, and none twice', t => {
  const sectors = 14;
  const choices = choicesOf([0, 6], [6, 8]);
  t.is(choices.total, 2 ** sectors);
  const seen: string[] = [];
  for (const _ of choices.sampled(4096)) seen.push(choices.choice.join(''));
  t.is(seen.length, 4096);
  t.is(new Set(seen).size, 4096);
  const first = seen.slice(0, 3 + 2 * sectors);
  t.deepEqual(first.slice(0, 3), ['0'.repeat(sectors), `${'1'.repeat(6)}${'0'.repeat(8)}`, '1'.repeat(sectors)]);
  for (let i = 0; i < sectors; i++)
    for (const [one, others] of ['01', '10'])
      t.true(first.includes(others!.repeat(i) + one! + others!.repeat(sectors - i - 1)), `${i}`);
});

test('choosing otherwise leaves some places as they are', t => {
  const choices = choicesOf([0, 3]);
  choices.reset();
  t.true(choices.oppose([1]));
  t.is(choices.choice.join(''), '101');
  choices.restore();
  t.is(choices.choice.join(''), '000');
  t.false(choices.oppose([0, 1, 2]));
});

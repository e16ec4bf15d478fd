import test from 'ava';
import { implementation } from '../../impl/index.js';
import { CRASH_GEOMETRY, countPrograms, programAt, programNamed } from './alphabet.js';
import { Exhauster } from './exhaust.js';

test('every 97th program of up to two operations has no forbidden crash state', t => {
  const exhauster = new Exhauster(implementation['xfs']!, CRASH_GEOMETRY);
  let states = 0;
  for (let n = 0; n < countPrograms(2); n += 97) {
    const program = programAt(n);
    const { counts, finding } = exhauster.run(program, false);
    states += counts.states;
    t.is(finding?.message, undefined, program.name);
  }
  t.true(states > 10_000, `${states} states`);
});

test('a program is named by its words, and an unknown word is told', t => {
  t.is(typeof programNamed('write-part+fsync,punch-blocks'), 'object');
  t.regex(programNamed('write-parts') as string, /^write-parts: expected one of write-blocks/);
});

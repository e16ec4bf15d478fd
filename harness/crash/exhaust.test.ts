import test from 'ava';
import { implementation } from '../../impl/index.js';
import { ALPHABET_NAMES, ALPHABETS, CRASH_GEOMETRY, countPrograms, programAt, programNamed } from './alphabet.js';
import { Exhauster } from './exhaust.js';

for (const name of ALPHABET_NAMES)
  test(`one in 307 programs of up to three steps of the ${name} alphabet: no forbidden crash state`, t => {
    const exhauster = new Exhauster(implementation['xfs']!, CRASH_GEOMETRY);
    const alphabet = ALPHABETS[name];
    let different = 0;
    for (let n = 0; n < countPrograms(3, alphabet); n += 307) {
      const program = programAt(n, alphabet);
      const { counts, finding } = exhauster.run(program, false);
      different += counts.different;
      t.is(counts.sampled, 0, program.name);
      t.is(finding?.message, undefined, program.name);
    }
    t.true(different > 5000, `${different} states`);
  });

test('a device without a volatile cache loses what is in flight, no more', t => {
  const devices = [true, false].map(writeThrough => {
    const exhauster = new Exhauster(implementation['xfs']!, CRASH_GEOMETRY, writeThrough);
    let interrupted = 0;
    for (let n = 0; n < countPrograms(1); n++) {
      const program = programAt(n);
      const { counts, finding } = exhauster.run(program, true);
      t.is(finding?.message, undefined, program.name);
      interrupted += counts.interrupted;
    }
    return interrupted;
  });
  t.true(devices[0]! < devices[1]!, `${devices.join(' and ')} crashes of recovery`);
});

test('a program is named by its words, and an unknown word is told', t => {
  t.is(typeof programNamed('write-part+fsync,punch-blocks'), 'object');
  t.regex(
    programNamed('write-parts') as string,
    /^write-parts: 'write-parts' is no step; expected one of write-blocks/,
  );
  t.regex(programNamed('write-part+sync') as string, /'sync' is no sync; expected fsync, fdatasync or other after/);
});

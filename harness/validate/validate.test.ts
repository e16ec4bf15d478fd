/** What the validation says of real recordings, whole, damaged, and with holes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { kernelRules } from '../../properties/kernel/rules/index.js';
import { testWhere } from '../testing/recordings.js';
import { damaged, damages } from './damage/index.js';
import { loadRecordings } from './recordings.js';
import { validateText as reportText, validateJson } from './report.js';
import { validateFile, validateText } from './validate.js';

const recordings = loadRecordings();
/** The recordings beside the checkout are there, not only those of the corpus. */
const isFull = recordings.length >= 8;
const whole = (lines: readonly string[]): string => lines.join('\n');

for (const { name, lines } of recordings) {
  test(`the recording ${name} keeps every rule`, t => {
    const validator = validateText(whole(lines));
    t.deepEqual(
      validator.findings.map(f => `${f.line} ${f.id} ${f.message}`),
      [],
    );
    t.true(validator.operations > 0);
    t.deepEqual([...validator.unknown], []);
  });
}

test('every rule is exercised by some recording', t => {
  const sums = kernelRules.map(() => 0);
  for (const { lines } of recordings) {
    validateText(whole(lines)).counts.forEach((count, index) => {
      sums[index] = sums[index]! + count.checked;
    });
  }
  const idle = kernelRules.filter((_rule, index) => sums[index] === 0).map(rule => rule.id);
  t.deepEqual(idle, []);
});

test('at least ten rules need two lines or more, and ids are unique', t => {
  t.true(kernelRules.filter(rule => rule.lines >= 2).length >= 10);
  t.is(new Set(kernelRules.map(rule => rule.id)).size, kernelRules.length);
});

test('there are at least 25 kinds of damage', t => {
  t.true(damages.length >= 25);
  t.is(new Set(damages.map(damage => damage.name)).size, damages.length);
});

/** Kinds that fit more places than this are tried at an even sample of them, so that a test run stays short. */
const ENOUGH = 120;
/** The rules that some damage broke, told by the tests that follow. */
const broken = new Set<string>();

for (const damage of damages) {
  const places = recordings.flatMap(recording =>
    recording.places.flatMap(place => {
      const edit = damage.apply(place, recording);
      return edit === null ? [] : [{ recording, place, edit }];
    }),
  );
  const title = `a damage is detected at the places where it can be done: ${damage.name}`;
  // What a short corpus does not show cannot be damaged in it.
  testWhere(places.length > 0, 'captures', title, t => {
    const every = Math.max(1, Math.floor(places.length / ENOUGH));
    const missed = places
      .filter((_place, index) => index % every === 0)
      .filter(({ recording, place, edit }) => {
        const { findings } = validateText(damaged(recording, place, edit));
        for (const { id } of findings) broken.add(id);
        const [first] = findings;
        return first === undefined || first.line < place.at + 1;
      });
    t.deepEqual(
      missed.map(({ recording, place }) => `${recording.name}:${place.at + 1}`),
      [],
    );
  });
}

testWhere(isFull, 'captures', 'every rule is broken by some damage', t => {
  t.deepEqual(
    kernelRules.filter(({ id }) => !broken.has(id)).map(({ id }) => id),
    [],
  );
});

test('a finding quotes the lines that show it, the rule and its sentence', t => {
  const recording = recordings[0]!;
  const kind = damages.find(damage => damage.name === 'empty mapping')!;
  const place = recording.places.find(p => kind.apply(p, recording) !== null)!;
  const validator = validateText(damaged(recording, place, kind.apply(place, recording)!));
  const text = reportText(kernelRules, validator, 'x.trace');
  t.regex(text, new RegExp(`x.trace:${place.at + 1}: K-SHAPE: the length is 0`));
  t.regex(text, /rule: A mapping is not empty/);
  t.regex(text, new RegExp(`> +${place.at + 1} .*length 0x0`));
});

test('lost events take back what was concluded across the gap, and what comes after is judged anew', t => {
  const recording = recordings.find(r => r.fs === 'xfs')!;
  const { lines, places } = recording;
  const gaps = places.filter((_place, index) => index % 7 === 3);
  for (const place of gaps) {
    const cpu = place.event.cpu;
    const rest = lines.slice(place.at);
    const kept = [
      ...lines.slice(0, place.at),
      `CPU:${cpu} [LOST 5 EVENTS]`,
      ...rest.slice(rest.findIndex((_l, i) => i > 5)),
    ];
    const validator = validateText(whole(kept));
    t.deepEqual(
      validator.findings.map(f => `${place.at + 1}: ${f.line} ${f.id} ${f.message}`),
      [],
    );
    t.is(validator.notes.length, 1);
  }
});

test('truncated lines, unknown events and unknown flags are reported and survived', t => {
  const { lines, places } = recordings[0]!;
  const place = places.find(p => p.event.kind === 'dstmap')!;
  const kept = [
    ...lines.slice(0, place.at),
    place.text.slice(0, place.text.length - 20),
    '          task-12   [000] .....  9999.000001: xyz_new_event: dev 7:4 whatever',
  ];
  const validator = validateText(whole(kept));
  t.deepEqual(validator.findings, []);
  t.deepEqual(
    validator.notes.map(note => note.kind),
    ['unreadable'],
  );
  t.deepEqual([...validator.unknown], [['xyz_new_event', 1]]);
  const newer = place.text.replace(/flags (\S*) \(0x([0-9a-f]+)\)$/, (_all, names: string, raw: string) => {
    const flags = Number.parseInt(raw, 16) + 0x200;
    return `flags ${names === '' ? 'INTEGRITY' : `${names}|INTEGRITY`} (0x${flags.toString(16)})`;
  });
  const flagged = validateText(whole([...lines.slice(0, place.at), newer, ...lines.slice(place.at + 1)]));
  t.deepEqual(flagged.findings, []);
  t.is(flagged.unknownFlags.size, 1);
});

test('the result has the fields that programs rely on', t => {
  const json = validateJson(kernelRules, validateText(whole(recordings[0]!.lines)));
  t.deepEqual(Object.keys(json), ['schema', 'events', 'operations', 'checks', 'undecided', 'findings']);
  t.deepEqual(
    Object.keys(json.checks),
    kernelRules.map(rule => rule.id),
  );
});

test('a file is read plain and gzipped with the same result, and one without events is refused by name', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'iomap-check-'));
  try {
    const text = whole(recordings[0]!.lines);
    writeFileSync(join(directory, 'plain'), text, 'latin1');
    writeFileSync(join(directory, 'packed'), gzipSync(Buffer.from(text, 'latin1')));
    writeFileSync(join(directory, 'empty'), '# tracer: nop\n#\n');
    const plain = await validateFile(join(directory, 'plain'));
    const packed = await validateFile(join(directory, 'packed'));
    t.deepEqual(validateJson(kernelRules, plain), validateJson(kernelRules, packed));
    await t.throwsAsync(validateFile(join(directory, 'empty')), { message: /empty: no tracepoint event/ });
    await t.throwsAsync(validateFile(join(directory, 'missing')), { message: /missing: cannot be read/ });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

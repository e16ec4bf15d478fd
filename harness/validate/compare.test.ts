/**
 * Recordings on the reference model: with the commands beside them, whatever the kernel printed and every mapping it gave
 * is permitted; mappings made wrong are not.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { MapType } from '../../model/contract/index.js';
import { type Comparison, compare } from './compare.js';
import { withType } from './damage/edit.js';
import { readRecording } from './damage/index.js';

const directories = [
  new URL('../../../traces/corpus/ftrace/', import.meta.url),
  new URL('../../../../shared/captures/', import.meta.url),
].filter(existsSync);
const texts = new Map<string, { readonly commands: string; readonly trace: string }>();
for (const directory of directories) {
  for (const file of readdirSync(directory)) {
    const name = /^(.*)\.cmds$/.exec(file)?.[1];
    if (name === undefined || texts.has(name)) continue;
    const plain = new URL(`${name}.trace`, directory);
    const trace = existsSync(plain)
      ? readFileSync(plain)
      : gunzipSync(readFileSync(new URL(`${name}.trace.gz`, directory)));
    const commands = readFileSync(new URL(file, directory), 'latin1');
    texts.set(name, { commands, trace: trace.toString('latin1') });
  }
}

/** Mappings that must have been compared in every recording the model understands; random load is not understood. */
const LEAST: Readonly<Record<string, number>> = { 'xfs-4k-dio': 28, 'erofs-inline': 0 };
const mappings = ({ compared }: Comparison): number =>
  compared.look + compared.report + compared.seek + compared.zero + compared.store + compared.source + compared.piece;

for (const [name, { commands, trace }] of texts) {
  test(`the model permits what the kernel printed and mapped in ${name}`, t => {
    const result = compare(commands, trace);
    t.deepEqual(result.wrong, []);
    t.true(mappings(result) >= (LEAST[name] ?? 60), `${mappings(result)} mappings were compared`);
  });

  test(`mappings of ${name} that are made wrong are reported at their line`, t => {
    const recording = readRecording(name, trace, commands);
    const understood = compare(commands, trace).skipped.length === 0;
    const { lines, places } = recording;
    const faulted = new Set(places.filter(p => p.asked?.caller === 'iomap_page_mkwrite').map(p => p.event.ino));
    const edits = places.flatMap(place => {
      const { event, asked } = place;
      if (event.kind !== 'dstmap' || asked === null || (asked.flags !== 0 && asked.flags !== 4)) return [];
      // In a file that shares, data may wait in the copy-on-write fork over a hole; a fault may dirty a larger folio (PC-96).
      if (name.includes('cow') || !understood || event.offset > 0 || faulted.has(event.ino)) return [];
      return event.type === MapType.MAPPED || event.type === MapType.HOLE ? [place] : [];
    });
    for (const place of edits.filter((_place, i) => i % Math.ceil(edits.length / 6) === 0)) {
      const type = place.event.kind === 'dstmap' && place.event.type === MapType.MAPPED ? MapType.HOLE : MapType.MAPPED;
      const text = [...lines.slice(0, place.at), ...withType(place.text, type), ...lines.slice(place.at + 1)].join(
        '\n',
      );
      t.deepEqual(
        compare(commands, text).wrong.map(wrong => wrong.line),
        [place.at + 1],
      );
    }
    t.pass();
  });
}

test('hundreds of mappings, and thousands of blocks, are held against the model', t => {
  const all = [...texts.values()].map(({ commands, trace }) => compare(commands, trace));
  t.true(all.reduce((sum, result) => sum + mappings(result), 0) >= 220);
  t.true(all.reduce((sum, result) => sum + result.compared.block, 0) >= 1600);
});

test('a write in place to a block with another owner is reported', t => {
  const name = 'xfs-4k-reflink-cow';
  const { commands, trace } = texts.get(name)!;
  const { places, lines } = readRecording(name, trace, commands);
  const place = places.find(
    p => p.event.kind === 'dstmap' && p.asked?.caller === 'iomap_file_buffered_write' && p.next?.kind === 'srcmap',
  )!;
  const source = places.find(p => p.event === place.next)!;
  const inPlace = source.text.replace('iomap_iter_srcmap', 'iomap_iter_dstmap');
  const text = lines.map((line, at) => (at === place.at ? inPlace : at === source.at ? '' : line)).join('\n');
  const [wrong] = compare(commands, text).wrong;
  t.is(wrong?.line, place.at + 1);
  t.regex(wrong?.message ?? '', /in place/);
});

/** Kernel trace text as traces: what is had back, and that it is a trace that can be written and read. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { readTrace, writeTrace } from '../format/index.js';
import { importFtrace, looksLikeFtrace } from './ftrace.js';

const CORPUS = new URL('../../../traces/corpus/ftrace/', import.meta.url);
const textOf = (name: string): string =>
  gunzipSync(readFileSync(new URL(`${name}.trace.gz`, CORPUS))).toString('latin1');

for (const name of ['xfs-1k-subpage', 'xfs-4k-reflink-cow', 'ext4-4k-mixed', 'erofs-inline']) {
  test(`the recording ${name} becomes a trace that is read back as it was written`, t => {
    const text = textOf(name);
    t.true(looksLikeFtrace(text));
    const trace = importFtrace(text, name);
    t.true(trace.lines.length > 5);
    t.is(trace.header.geometry.blockSize, name.includes('1k') ? 1024 : 4096);
    const written = writeTrace(trace);
    t.is(writeTrace(readTrace(written, name)), written);
  });
}

test('writes, direct requests with their answers, clones and syncs are had back with their ranges', t => {
  const { lines, header } = importFtrace(textOf('xfs-4k-reflink-cow'), 'x');
  const calls = lines.flatMap(line => (line.kind === 'operation' ? [line] : []));
  const has = (name: string, offset: number, length: number): boolean =>
    calls.some(({ call }) => call.name === name && call.offset === offset && call.length === length);
  t.true(has('write', 0, 65536) || has('write', 0, 131072));
  t.true(has('write', 5000, 100));
  t.true(has('dwrite', 32768, 8192));
  t.true(has('reflink', 0, 131072));
  t.true(calls.some(({ call }) => call.name === 'fsync'));
  t.regex(header.origin ?? '', /left out: .*xfs_free_file_space/);
});

test('text without events is refused with the name of the file', t => {
  t.throws(() => importFtrace('# tracer: nop\n', 'empty.txt'), { message: /empty.txt/ });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { UsageError } from '../cli/exit.js';
import { readText } from './read.js';

const folder = mkdtempSync(join(tmpdir(), 'read-'));
const file = join(folder, 'file');
test.after.always(() => rmSync(folder, { recursive: true }));

test.serial('text is read plain or gzipped, without a byte order mark in front', t => {
  for (const bytes of ['a\nb', '\uFEFFa\nb', gzipSync('a\nb'), gzipSync('\uFEFFa\nb')]) {
    writeFileSync(file, bytes);
    t.is(readText(file), 'a\nb');
  }
});

test.serial('what cannot be read is one line each', t => {
  writeFileSync(file, gzipSync('text').subarray(0, 12));
  for (const [path, message] of [
    [join(folder, 'nothing'), /nothing: cannot be read: no such file or directory$/],
    [folder, /: cannot be read: it is a folder$/],
    [join(file, 'below'), /below: cannot be read: not a directory$/],
    [file, /file: expected gzipped text, got unexpected end of file$/],
  ] as const)
    t.throws(() => readText(path), { instanceOf: UsageError, message });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import test from 'ava';
import { validate } from './validate.js';

const RECORDING = new URL('../../../../traces/corpus/ftrace/xfs-1k-subpage.trace.gz', import.meta.url);

test('that a recording was cut is told also by --quiet', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'validate-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'cut.gz');
  const bytes = readFileSync(RECORDING);
  writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
  const out = new PassThrough();
  const err = new PassThrough();
  t.is(await validate.run([path], { quiet: true }, { out, err, interactive: false, unwritten() {} }), 0);
  t.is(out.read(), null);
  t.regex(String(err.read()), /cut\.gz: line \d+: the compressed data ends early\n$/);
});

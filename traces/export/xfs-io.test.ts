import { spawnSync } from 'node:child_process';
import test from 'ava';
import { readTrace } from '../format/index.js';
import { exportXfsIo } from './xfs-io.js';

test('nothing of a trace becomes a command or an option of the script', t => {
  const header = {
    format: 'iomap-trace',
    version: 1,
    origin: 'a seed\necho intruder #',
    files: ['-x', "it's $(echo)"],
  };
  const lines = [
    header,
    { op: 1, call: 'write', file: '-x', offset: 0, length: 4, data: 1 },
    { op: 2, call: 'reflink', file: "it's $(echo)", offset: 0, length: 16, from: { file: '-x', offset: 0 } },
    { verdict: 'clean' },
  ];
  const script = exportXfsIo(readTrace(lines.map(line => `${JSON.stringify(line)}\n`).join(''), 'test.trace'));
  // In place of xfs_io: its last words, one a line.
  const { stdout } = spawnSync('sh', {
    input: `xfs_io() { for a; do :; done; echo "$a"; }\n${script}`,
    encoding: 'utf8',
  });
  t.is(stdout, "./-x\nit's $(echo)\n");
  t.true(script.includes('reflink ./-x 0 0 16'), script);
});

/**
 * MAP-66: an operation over several folios, whose mapping is found stale at any of them, once or many times, by real work or
 * by a bare revocation, answers as it does when nothing disturbs it and leaves the same content.
 */
import test from 'ava';
import { implementation } from '../../impl/index.js';
import { Ev } from '../../model/contract/index.js';
import { readTrace, type Trace } from '../../traces/format/index.js';
import { ScriptedAdversary } from '../adversaries/scripted.js';
import { scriptOf } from './script.js';
import { TargetSession } from './target-session.js';
import { Tools } from './tools.js';
import { Walk } from './walk.js';

const tools = new Tools();
const FOLIOS = 4;
const HEADER = {
  format: 'iomap-trace',
  version: 1,
  geometry: { blockSize: 16, pageSize: 16, maxFolioSize: 16, sectorSize: 8, deviceBlocks: 256 },
  files: ['a', 'b'],
};
const FILLED = { call: 'write', file: 'a', offset: 0, length: 64, data: 1 };
const FLUSHED = { call: 'fsync', file: 'a' };

/** An operation on the four folios of a file, and what comes before it. */
const OPERATIONS: Readonly<Record<string, readonly object[]>> = {
  'a write over a hole': [{ call: 'write', file: 'a', offset: 3, length: 58, data: 2 }],
  'a write over unwritten blocks': [
    { call: 'falloc', file: 'a', offset: 0, length: 64 },
    { call: 'write', file: 'a', offset: 3, length: 58, data: 2 },
  ],
  'a write over written blocks': [FILLED, FLUSHED, { call: 'write', file: 'a', offset: 3, length: 58, data: 2 }],
  'a write over shared blocks': [
    FILLED,
    FLUSHED,
    { call: 'reflink', file: 'b', offset: 0, length: 64, from: { file: 'a', offset: 0 } },
    { call: 'write', file: 'a', offset: 3, length: 58, data: 2 },
  ],
  unsharing: [
    FILLED,
    FLUSHED,
    { call: 'reflink', file: 'b', offset: 0, length: 64, from: { file: 'a', offset: 0 } },
    { call: 'unshare', file: 'a', offset: 0, length: 64 },
  ],
};

const WORK = [{ writeback: 'a' }, { complete: 'all' }, { reclaim: 'a' }];

interface Ran {
  readonly results: readonly number[];
  readonly content: string | null;
  readonly stale: number;
  readonly missed: number;
}

function run(calls: readonly object[], directives: readonly object[]): Ran {
  const lines = [HEADER, ...calls.map((call, i) => ({ op: i + 1, task: 1, ...call })), ...directives, CLEAN];
  const trace: Trace = readTrace(`${lines.map(line => JSON.stringify(line)).join('\n')}\n`, 'a test');
  const script = scriptOf(trace);
  const adversary = new ScriptedAdversary(script.deviations);
  const session = new TargetSession('xfs', implementation['xfs']!, trace.header, adversary, tools, script);
  let stale = 0;
  session.listen({
    emit: kind => {
      if (kind === Ev.stale) stale++;
    },
    disturbed() {},
  });
  const walk = new Walk(session, null);
  walk.program(trace);
  if (session.finding !== null) throw new Error(session.finding.message);
  return {
    results: walk.results,
    content: session.peek(0)?.sha256 ?? null,
    stale,
    missed: adversary.missed.length,
  };
}

const CLEAN = { verdict: 'clean' };

for (const [name, calls] of Object.entries(OPERATIONS)) {
  const undisturbed = run(calls, []);
  const at = { op: calls.length };

  test(`${name}: revoked at any folio, once or many times`, t => {
    for (let folio = 1; folio <= FOLIOS; folio++)
      for (const times of [1, 2, 40]) {
        const directives = Array.from({ length: times }, (_, i) => ({
          at: { ...at, nth: folio + i },
          do: [{ value: 'mapping-stale', is: 1 }],
        }));
        const { results, content, stale, missed } = run(calls, directives);
        t.is(stale, times);
        t.is(missed, 0);
        t.deepEqual({ results, content }, { results: undisturbed.results, content: undisturbed.content });
      }
  });

  test(`${name}: written back, completed and reclaimed before any folio, and before all of them`, t => {
    const disturb = (nth: number): object => ({ at: { ...at, point: 'Y-BW5', nth }, do: WORK });
    const all = Array.from({ length: 2 * FOLIOS }, (_, i) => disturb(i + 1));
    for (const directives of [...all.slice(0, FOLIOS).map(one => [one]), all]) {
      const { results, content } = run(calls, directives);
      t.deepEqual({ results, content }, { results: undisturbed.results, content: undisturbed.content });
    }
    if (name !== 'a write over written blocks') t.true(run(calls, all).stale >= FOLIOS - 1);
  });
}

/**
 * The model against what a real kernel did: every recorded log and case that needs no crash, with its sizes, contents,
 * answers, seek maps and extents. What may vary must be permitted; what cannot must be equal.
 */
import { createHash } from 'node:crypto';
import test from 'ava';
import { Answer, type Call, DEFAULT_OPTIONS, errnoByName, KERNEL_GEOMETRY, makeCall } from '../contract/index.js';
import { createModel, type LayoutPiece, type Oracle } from './index.js';
import { type CaseStep, namesIn, type Recorded, readCase, readLog, recordings } from './testing/recordings.js';

function modelOf(blockSize: number, files: number): Oracle {
  return createModel({ geometry: { ...KERNEL_GEOMETRY, blockSize }, options: DEFAULT_OPTIONS, files, fs: 'xfs' });
}

/** Lets the model answer the call itself; the answer, or what is wrong with it. */
function play(model: Oracle, call: Call, into: Answer): string | null {
  model.invoke(call);
  model.answer(call, into);
  return model.respond(call, into)?.message ?? null;
}

/** Data or not, as the recordings count it: neighbours joined, cut at the end of the file. */
function dataOnly(extents: readonly LayoutPiece[]): string {
  const joined: [number, number][] = [];
  for (const { offset, length, type } of extents) {
    if (type !== 'data') continue;
    const last = joined.at(-1);
    if (last !== undefined && last[1] === offset) last[1] = offset + length;
    else joined.push([offset, offset + length]);
  }
  return JSON.stringify(joined);
}

function differences(model: Oracle, file: number, recorded: Recorded): string[] {
  const wrong: string[] = [];
  const state = model.state(file);
  if (state.size !== recorded.size) wrong.push(`size ${state.size}, recorded ${recorded.size}`);
  if (state.sha256 !== recorded.sha256) wrong.push('contents differ');
  for (const finding of [
    model.judgeLayout(file, recorded.extents),
    model.judgeSeekMap(file, recorded.seekCold, true),
    recorded.seekCached === undefined ? null : model.judgeSeekMap(file, recorded.seekCached, false),
  ])
    if (finding !== null) wrong.push(finding.message);
  if (JSON.stringify(state.seekCold) !== JSON.stringify(recorded.seekCold))
    wrong.push(`seekCold ${JSON.stringify(state.seekCold)}, recorded ${JSON.stringify(recorded.seekCold)}`);
  if (dataOnly(state.extents) !== dataOnly(recorded.extents))
    wrong.push(`data ${dataOnly(state.extents)}, recorded ${dataOnly(recorded.extents)}`);
  return wrong;
}

const logs = recordings('fsx-ops');
for (const name of logs === null ? [] : namesIn(logs)) {
  test(`the recorded log ${name} leaves the recorded file`, t => {
    const log = readLog(logs!, name);
    const model = modelOf(log.blockSize, 1);
    const answer = new Answer();
    for (const [i, calls] of log.lines.entries()) {
      for (const call of calls) {
        t.is(play(model, call, answer), null, `line ${i + 1}`);
        t.is(answer.error, 0, `line ${i + 1}: ${call.name}`);
      }
      const checkpoint = log.expected.checkpoints.find(c => c.afterLine === i + 1);
      if (checkpoint === undefined) continue;
      const { size, sha256 } = model.state(0);
      t.deepEqual([size, sha256], [checkpoint.size, checkpoint.sha256], `after line ${i + 1}`);
    }
    play(model, makeCall(1_000_000, 'fsync', 0), answer);
    t.deepEqual(differences(model, 0, log.expected), []);
  });
}

function judgeStep(model: Oracle, step: CaseStep): string | null {
  const expect = step.expect ?? {};
  if (step.call === null) return judgeLook(model, step);
  const { call } = step;
  const own = new Answer();
  model.invoke(call);
  model.answer(call, own);
  const error = typeof expect['errno'] === 'string' ? errnoByName(expect['errno'])! : 0;
  if (own.error !== error) return `the model answers ${own.error}, recorded ${error}`;
  const seen = new Answer();
  Object.assign(seen, own);
  if (expect['length'] !== undefined) seen.count = expect['length'] as number;
  if (expect['bytes'] !== undefined) seen.count = expect['bytes'] as number;
  if (expect['offset'] !== undefined) seen.count = expect['offset'] as number;
  if (expect['size'] !== undefined) seen.size = expect['size'] as number;
  if (expect['blocks512'] !== undefined) seen.blocks512 = expect['blocks512'] as number;
  if (expect['status'] !== undefined) seen.differs = expect['status'] === 'differs';
  if (own.count !== seen.count && error === 0) return `the model counts ${own.count}, recorded ${seen.count}`;
  if (own.size !== seen.size || own.differs !== seen.differs) return `the model answers ${JSON.stringify(own)}`;
  if (expect['sha256'] !== undefined) {
    const hash = createHash('sha256').update(own.bytes.subarray(0, own.count)).digest('hex');
    if (hash !== expect['sha256']) return 'the model reads other bytes';
  }
  const extents = expect['extents'] as readonly LayoutPiece[] | undefined;
  if (extents !== undefined) {
    seen.extents = extents.map((e, i) => ({
      logical: e.offset,
      physical: 0,
      length: e.length,
      unwritten: e.type === 'unwritten',
      delalloc: false,
      shared: e.shared,
      inline: false,
      last: i === extents.length - 1,
    }));
  }
  return model.respond(call, seen)?.message ?? null;
}

function judgeLook(model: Oracle, step: CaseStep): string | null {
  const expect = step.expect ?? {};
  if (step.op === 'seek_map')
    return model.judgeSeekMap(step.file, expect['map'] as Recorded['seekCold'], false)?.message ?? null;
  const { size, sha256 } = model.state(step.file);
  return size === expect['length'] && sha256 === expect['sha256'] ? null : 'the model holds other bytes';
}

const cases = recordings('fstests-cases');
for (const name of cases === null ? [] : namesIn(cases)) {
  const recorded = readCase(cases!, name);
  if (recorded.steps.some(step => step.op === 'shutdown')) continue;
  test(`the case ${name} is answered as recorded`, t => {
    const model = modelOf(recorded.blockSize, recorded.files.length);
    for (const [i, step] of recorded.steps.entries()) {
      const wrong = judgeStep(model, step);
      t.is(wrong, null, `step ${i + 1} ${step.op}`);
    }
    for (const [id, file] of recorded.files.entries()) {
      play(model, makeCall(1_000_000 + id, 'fsync', id), new Answer());
      const { seek, ...rest } = recorded.expected[file]!;
      t.deepEqual(differences(model, id, { ...rest, seekCold: seek }), [], file);
    }
  });
}

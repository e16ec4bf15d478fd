/** Calls, deviations, events and answers in the few words of a timeline. */
import pc from 'picocolors';
import {
  type Call,
  CallFlag,
  type Data,
  EVENT_MEANINGS,
  EVENT_NAMES,
  type EventKind,
  errnoName,
  LARGEST_FILE,
  operationShape,
  POINT_NAMES,
} from '../../model/contract/index.js';
import { FILELESS, type RecordedAnswer } from '../../traces/format/index.js';
import type { Deviation } from '../adversaries/recording.js';
import { type Action, BEGINNING } from '../run/adversary.js';
import { FIRST_WORKER, isCall } from '../run/engine.js';
import { extentsText, mapText } from './compare.js';

/** How files are called. */
export type NameOf = (file: number) => string;

/** `write a 12+40 data 8 DSYNC`. */
export function callText(call: Omit<Call, 'id'>, nameOf: NameOf): string {
  const { fields, flags } = operationShape(call.name);
  const has = (field: string): boolean => (fields as readonly string[]).includes(field);
  const whole = call.offset === 0 && call.length === LARGEST_FILE;
  const parts: string[] = FILELESS.has(call.name) ? [pc.cyan(call.name)] : [pc.cyan(call.name), nameOf(call.file)];
  if (has('from')) parts.push(`from ${nameOf(call.fromFile)} ${call.fromOffset} to`);
  if (has('offset') && !whole) parts.push(has('length') ? `${call.offset}+${call.length}` : String(call.offset));
  else if (has('length') && !whole) parts.push(`+${call.length}`);
  if (has('size')) parts.push(`to ${call.size}`);
  if (has('data')) parts.push(pc.dim(dataText(call.data)));
  if (call.accessible >= 0) parts.push(`accessible ${call.accessible}`);
  for (const flag of flags) if ((call.flags & CallFlag[flag]) !== 0) parts.push(flag);
  if (call.task > 1) parts.push(pc.dim(`task ${call.task}`));
  return parts.join(' ');
}

function dataText(data: Data): string {
  if (typeof data === 'number') return `data ${data}`;
  if ('byte' in data) return `byte ${data.byte}`;
  return 'case' in data ? `case tag ${data.case}` : `fsx line ${data.fsx}`;
}

/** `at Y-BW2: writeback a, complete, reclaim a`. */
export function deviationText(deviation: Deviation, nameOf: NameOf): string {
  const time = deviation.nth === 1 ? '' : ` (time ${deviation.nth})`;
  if ('actions' in deviation) {
    const actions = deviation.actions.map(action => actionText(action, nameOf));
    const place =
      deviation.point === BEGINNING ? 'before it begins' : `at ${POINT_NAMES[deviation.point] ?? deviation.point}`;
    return `${place}${time}: ${actions.join(', ')}`;
  }
  if ('choice' in deviation) return `${deviation.choice} is ${deviation.value}${time}`;
  const { file, offset, length } = deviation.bio;
  const range = file < 0 ? 'metadata' : `${nameOf(file)} ${offset}+${length}`;
  return `the I/O of ${range} fails with ${errnoName(deviation.status)}${time}`;
}

function actionText(action: Action, nameOf: NameOf): string {
  if (isCall(action)) return callText(action, nameOf);
  if ('run' in action) {
    const who = action.run >= FIRST_WORKER ? `worker ${action.run}` : `task ${action.run}`;
    if (action.until === null) return `${who} runs to its end`;
    return `${who} runs to ${POINT_NAMES[action.until]}${action.times > 1 ? ` (time ${action.times})` : ''}`;
  }
  const { file, offset, length } = action.finish;
  return `the ${action.kind} of ${file < 0 ? 'metadata' : `${nameOf(file)} ${offset}+${length}`} completes`;
}

/** An event with its numbers as they are meant: a range, a change, or one number. */
export function eventText(kind: EventKind, file: number, a: number, b: number, c: number, nameOf: NameOf): string {
  const meaning = EVENT_MEANINGS[kind] ?? '';
  const subject = file < 0 ? '' : ` ${nameOf(file)}`;
  let numbers = ` ${a}+${b}`;
  if (/a from, b to/.test(meaning)) numbers = ` ${a} → ${b}`;
  else if (/\ba (its|the errno|position|index)|up to a\b/.test(meaning)) numbers = ` ${a}`;
  else if (a === 0 && b === 0) numbers = '';
  const third = c !== 0 || /c (first )?device/.test(meaning) ? pc.dim(` (${c})`) : '';
  return `${EVENT_NAMES[kind] ?? kind}${subject}${numbers}${third}`;
}

export function answerText(answer: RecordedAnswer): string {
  if (answer.errno !== undefined) return pc.red(errnoName(answer.errno));
  const { extents, map, runs: _, sha256: __, ...rest } = answer;
  const parts = Object.entries(rest).map(([key, value]) => `${key} ${value}`);
  if (extents !== undefined) parts.push(extentsText(extents));
  if (map !== undefined) parts.push(mapText(map));
  return parts.length === 0 ? 'ok' : parts.join(', ');
}

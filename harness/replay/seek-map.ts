/** The seek map of a file as an application makes it: seekData and seekHole in turn, from 0 to the size that stat tells. */
import { type Bytes, ENXIO, type FileId, makeCall, type TaskId } from '../../model/contract/index.js';
import type { SeekPiece } from '../../model/files/index.js';
import type { RecordedAnswer } from '../../traces/format/index.js';
import { type Session, UNRECORDED } from './session.js';

/** More pieces than any file of a trace has; past it a target does not make progress. */
const LIMIT = 100_000;

interface Seek {
  readonly name: 'seekData' | 'seekHole';
  readonly offset: Bytes;
  readonly answer: RecordedAnswer;
}

/** The calls, with their answers, that give such a map. */
export function seeksOf(map: readonly SeekPiece[]): Seek[] {
  const seeks: Seek[] = [];
  let at = 0;
  for (const { type, offset, length } of map) {
    if (type === 'hole') continue;
    seeks.push({ name: 'seekData', offset: at, answer: { offset } });
    at = offset + length;
    seeks.push({ name: 'seekHole', offset, answer: { offset: at } });
  }
  if (map.at(-1)?.type === 'hole') seeks.push({ name: 'seekData', offset: at, answer: { errno: ENXIO } });
  return seeks;
}

/** Null when a finding ended the session. `nextId` names each of the calls. */
export function askSeekMap(
  session: Session,
  file: FileId,
  task: TaskId,
  nextId: () => number,
): readonly SeekPiece[] | null {
  let size = 0;
  const stat = session.perform(makeCall(nextId(), 'stat', file, { task }), {
    ...UNRECORDED,
    look: answer => {
      size = answer.size;
    },
  });
  if (stat === null) return null;
  const map: SeekPiece[] = [];
  for (let at = 0; at < size && map.length < LIMIT; ) {
    const data = session.perform(makeCall(nextId(), 'seekData', file, { task, offset: at }), UNRECORDED);
    if (data === null) return null;
    const start = data.error === ENXIO ? size : data.count;
    if (start > at) map.push({ type: 'hole', offset: at, length: start - at });
    if (data.error !== 0) break;
    const hole = session.perform(makeCall(nextId(), 'seekHole', file, { task, offset: start }), UNRECORDED);
    if (hole === null) return null;
    if (hole.error !== 0) break;
    if (hole.count > start) map.push({ type: 'data', offset: start, length: hole.count - start });
    else if (start === at) break;
    at = hole.count;
  }
  return map;
}

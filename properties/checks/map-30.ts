/**
 * MAP-30: under NOWAIT the one mapping of a direct write spans the whole request, and no begin allocates blocks or has a
 * transaction. A delayed reservation is no allocation.
 */
import {
  type Bytes,
  Ev,
  type FileId,
  IterStep,
  MAP_TYPE_NAMES,
  MapType,
  OpFlag,
  type TaskId,
} from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { TRANSACTION } from './engine/held-locks.js';

/** A begin in progress that may not wait. */
interface Hurry {
  readonly serial: number;
  readonly task: TaskId;
  readonly file: FileId;
  readonly pos: Bytes;
  readonly length: Bytes;
}

export const map30: CheckDefinition = {
  id: 'MAP-30',
  checks:
    'a mapping for a direct write under NOWAIT or OVERWRITE_ONLY covers all that was asked for, and the latter is written, or unwritten and whole blocks (MAP-31); a begin under NOWAIT allocates no blocks and commits nothing',
  exercised: 'a begin under NOWAIT, and one for a direct write under OVERWRITE_ONLY that returned 0',
  silent:
    'what happens while a begin is suspended is its own only if its task is the only one in a transaction; a target that tells of no locks does not say who is in one',
  hears: ['allocate', 'commit'],
  steps: [IterStep.beginning, IterStep.begun, IterStep.beginFailed],
  make(world) {
    const hurries: Hurry[] = [];
    const over = (serial: number): void => {
      const at = hurries.findIndex(hurry => hurry.serial === serial);
      if (at >= 0) hurries.splice(at, 1);
    };
    const check: PropertyCheck = {
      id: 'MAP-30',
      exercised: 0,

      reset() {
        hurries.length = 0;
      },

      event(kind, _file, first, count) {
        if (hurries.length === 0) return null;
        const task = world.locks.onlyHolder(TRANSACTION);
        if (task < 0) return null;
        for (const hurry of hurries) {
          if (hurry.task !== task) continue;
          const { file, pos, length } = hurry;
          const done =
            kind === Ev.allocate
              ? `allocated ${count} ${count === 1 ? 'block' : 'blocks'} from device block ${first} on`
              : 'committed a transaction';
          const message = `begin of [${pos}, ${pos + length}) under NOWAIT ${done}; expected -EAGAIN before that`;
          return world.finding('MAP-30', file, pos, length, message);
        }
        return null;
      },

      iteration(step, record) {
        const { flags } = record;
        if ((flags & (OpFlag.NOWAIT | OpFlag.OVERWRITE_ONLY)) === 0) return null;
        if (step === IterStep.beginning) {
          if ((flags & OpFlag.NOWAIT) === 0) return null;
          check.exercised++;
          const { serial, task, file, pos, length } = record;
          hurries.push({ serial, task, file, pos, length });
          return null;
        }
        if ((flags & OpFlag.NOWAIT) !== 0) over(record.serial);
        if (step !== IterStep.begun) return null;
        const wanted = OpFlag.DIRECT | OpFlag.WRITE;
        if ((flags & wanted) !== wanted) return null;
        if ((flags & OpFlag.NOWAIT) === 0) check.exercised++;
        const { blockSize } = world.geometry;
        const { iomap, start, asked } = record;
        let fault = '';
        if (iomap.end < start + asked) fault = `of [${start}, ${start + asked}) only up to ${iomap.end}`;
        else if ((flags & OpFlag.OVERWRITE_ONLY) !== 0) {
          const whole = start % blockSize === 0 && asked % blockSize === 0;
          if (iomap.type !== MapType.MAPPED && !(iomap.type === MapType.UNWRITTEN && whole))
            fault = `as ${MAP_TYPE_NAMES[iomap.type]} for a pure overwrite (MAP-31)`;
        }
        return fault === '' ? null : world.finding('MAP-30', record.file, start, asked, `begin mapped ${fault}`);
      },
    };
    return check;
  },
};

/**
 * a call under NOWAIT that meets a held lock, or would have to wait for I/O, for memory or for the log, answers -EAGAIN
 * instead (PC-11, PC-42, MAP-30, DIO-03, DIO-08). That holds until it knows that it can do its work. Then it waits for its
 * own I/O and for the sync it was asked for; end may have to wait for what it gives back (MAP-44), and a buffered write that
 * failed for folios that it drops behind the end of the file (PC-45).
 */
import { CallFlag, IterStep, OpFlag, POINT_NAMES, type TaskId, Y } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { isBufferedWrite, isDirect } from './engine/iterations.js';

/** How far a call under NOWAIT has come. */
const Stage = { deciding: 0, sent: 1, stored: 2 } as const;

/** Places at which a task waits for locks of the file or of a folio, and never for what it has itself sent. */
const LOCKING: readonly number[] = [Y['Y-LK1'], Y['Y-BW5']];

export const r20: CheckDefinition = {
  id: 'R-20',
  checks: 'a call under NOWAIT is not put to wait',
  exercised: 'a call under NOWAIT that returned',
  silent:
    'while a direct request under NOWAIT waits for its own I/O and completion, a synchronous write for its sync, end for what it gives back (MAP-44), and a failed buffered write for folios behind the end (PC-45)',
  hears: ['wait'],
  steps: [IterStep.finished],
  answers: ['read', 'write', 'dread', 'dwrite'],
  make(world) {
    /** By task of the calls under NOWAIT that are past deciding. */
    const stages = new Map<TaskId, number>();
    const permitted = (task: TaskId, flags: number, point: number): boolean => {
      const track = world.iterations.active.find(each => each.task === task);
      if (track?.ending === true) return true;
      if (track !== undefined)
        return (
          track.mapped &&
          isBufferedWrite(track) &&
          point === Y['Y-TR3'] &&
          track.start + track.asked > world.view.file(track.file).isize
        );
      const stage = stages.get(task) ?? Stage.deciding;
      if (stage === Stage.sent && !LOCKING.includes(point)) return true;
      return stage !== Stage.deciding && (flags & (CallFlag.DSYNC | CallFlag.SYNC)) !== 0;
    };
    const check: PropertyCheck = {
      id: 'R-20',
      exercised: 0,
      reset() {
        stages.clear();
      },
      iteration(_step, record) {
        const { task, flags, pos } = record;
        if ((flags & OpFlag.NOWAIT) !== 0 && pos > world.iterations.at.origin)
          stages.set(task, isDirect(record) ? Stage.sent : Stage.stored);
        return null;
      },
      event(_kind, file, task, point) {
        const call = world.calls.ofTask(task)?.call;
        if (call === undefined || permitted(task, call.flags, point)) return null;
        const message = `${call.name} under NOWAIT waits at ${POINT_NAMES[point]}; expected -EAGAIN`;
        return world.finding('R-20', file, call.offset, call.length, message);
      },
      returned(call) {
        if ((call.flags & CallFlag.NOWAIT) === 0) return null;
        check.exercised++;
        stages.delete(call.task);
        return null;
      },
    };
    return check;
  },
};

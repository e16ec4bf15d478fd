/**
 * MAP-20: NEW says that this very begin created the space: never on written blocks, nor on somebody else's reservation; and
 * always on a reservation that it made, because end gives back only what is NEW (MAP-44).
 */
import {
  CowFork,
  type Finding,
  Fork,
  type IterationRecord,
  IterStep,
  MapFlag,
  MapType,
} from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { isAlone, isRemembered, isUndisturbed } from './engine/foreknowledge.js';
import type { IterationTrack } from './engine/iterations.js';

export const map20: CheckDefinition = {
  id: 'MAP-20',
  checks:
    'a record with NEW is not about a block that was written or delayed before begin, and one about a reservation that begin made has it',
  exercised: 'a begin that returned NEW, or a reservation without it',
  silent: 'about reservations, where background work ran during begin; without NEW, beside other calls',
  steps: [IterStep.begun],
  make(world) {
    /** A reservation without NEW must have been there before. */
    const unnamed = (track: IterationTrack, record: IterationRecord, cow: boolean): Finding | null => {
      check.exercised++;
      const was = cow ? track.cowBefore !== CowFork.none : track.dataBefore !== Fork.hole;
      // Another call may have made it while begin waited.
      if (was || !isAlone(world, track) || !isUndisturbed(world, track)) return null;
      const fork = cow ? 'the copy-on-write fork' : 'the data fork';
      const text = `begin at ${record.start} reserved space in ${fork} and did not call it NEW`;
      return world.finding('MAP-20', record.file, record.start, record.asked, text);
    };
    const check: PropertyCheck = {
      id: 'MAP-20',
      exercised: 0,

      iteration(_step, record) {
        const track = world.iterations.at;
        if (!isRemembered(track)) return null;
        const cow = (record.iomap.flags & MapFlag.SHARED) !== 0;
        if ((record.iomap.flags & MapFlag.NEW) === 0)
          return record.iomap.type === MapType.DELALLOC ? unnamed(track, record, cow) : null;
        check.exercised++;
        let was = '';
        if (!cow && track.dataBefore === Fork.written && record.iomap.type === MapType.MAPPED) was = 'written';
        else if (!isUndisturbed(world, track)) return null;
        else if (cow) was = track.cowBefore === CowFork.delay ? 'reserved in the copy-on-write fork' : '';
        else if (track.dataBefore === Fork.delay && record.iomap.type === MapType.DELALLOC) was = 'reserved';
        if (was === '') return null;
        return world.finding(
          'MAP-20',
          record.file,
          record.start,
          record.asked,
          `begin at ${record.start} called a block NEW that was ${was} before`,
        );
      },
    };
    return check;
  },
};

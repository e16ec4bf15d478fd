/** MAP-20: NEW says that this very begin created the space: never on written blocks, nor on somebody else's reservation. */
import { CowFork, Fork, IterStep, MapFlag, MapType } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { isRemembered, isUndisturbed } from './engine/foreknowledge.js';

export const map20: CheckDefinition = {
  id: 'MAP-20',
  checks: 'a record with NEW is not about a block that was written or delayed before begin',
  exercised: 'a begin that returned NEW',
  silent: 'about reservations, where background work ran during begin',
  steps: [IterStep.begun],
  make(world) {
    const check: PropertyCheck = {
      id: 'MAP-20',
      exercised: 0,

      iteration(_step, record) {
        const track = world.iterations.at;
        if (!isRemembered(track) || (record.iomap.flags & MapFlag.NEW) === 0) return null;
        check.exercised++;
        const cow = (record.iomap.flags & MapFlag.SHARED) !== 0;
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

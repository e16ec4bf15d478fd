/** MAP-10: under ZERO without WRITE nothing is allocated for holes. */
import { CowFork, Fork, IterStep, OpFlag } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { isRemembered, isUndisturbed } from './engine/foreknowledge.js';

export const map10: CheckDefinition = {
  id: 'MAP-10',
  checks: 'a hole that was asked about for zeroing is still a hole when begin returned',
  exercised: 'a begin for zeroing at a hole',
  silent: 'about a begin during which background work ran',
  steps: [IterStep.begun],
  make(world) {
    const check: PropertyCheck = {
      id: 'MAP-10',
      exercised: 0,

      iteration(_step, record) {
        const track = world.iterations.at;
        if (!isRemembered(track) || (record.flags & OpFlag.WRITE) !== 0) return null;
        if (!isUndisturbed(world, track)) return null;
        if (track.dataBefore !== Fork.hole || track.cowBefore !== CowFork.none) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const block = Math.floor(record.start / blockSize);
        const now = world.peek(record.file, block, 1);
        if (now.data[0] === Fork.hole && now.cow[0] === CowFork.none) return null;
        return world.finding(
          'MAP-10',
          record.file,
          block * blockSize,
          blockSize,
          `zeroing made space for block ${block}, which was a hole`,
        );
      },
    };
    return check;
  },
};

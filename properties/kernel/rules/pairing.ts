/**
 * begin and end alternate (INV-04, MAP-40, MAP-60): a mapping is given only to somebody who asked, and a mapping in hand
 * is ended before its task does anything that cannot happen inside the body. `iomap_iter` is end and begin in one, so the
 * two breaches are a mapping without a question, and a question that neither continues the iteration in hand nor can start
 * one.
 */
import type { KernelRule } from '../rule.js';
import { describe } from '../text.js';

export const pairing: KernelRule = {
  id: 'K-PAIR',
  sentence: 'Every mapping is asked for once and ended once, before the next is asked for.',
  sources: ['MAP-40', 'MAP-60', 'MAP-64', 'INV-04'],
  exercised: 'an iteration step was entered, or a mapping was given',
  lines: 2,
  watch(world, judge) {
    return {
      iter(event) {
        const { step } = world;
        if (step === null) return;
        for (const left of step.broken) {
          judge.broken(
            event,
            `the iteration of ${describe(left.first)} still holds a mapping, and task ${event.task} starts another`,
            ...left.recent,
          );
        }
        if (step.is !== 'orphan') judge.held();
        else if (world.early(event)) judge.undecided();
        else {
          judge.broken(
            event,
            `neither a first call (its length would be ${event.pos === 0 ? '0' : 'the whole request'}) nor the end of a mapping: task ${event.task} holds none`,
            ...(world.task.ended?.recent ?? []),
          );
        }
      },
      dstmap(event) {
        const top = world.task.open.at(-1);
        const announced = world.task.read;
        if (announced !== null && top?.first.caller.startsWith('iomap_read') === true) {
          return judge.broken(
            event,
            'a read was announced and has not asked for a mapping yet',
            ...top.recent,
            announced,
          );
        }
        if (top !== undefined && !top.holds && top.first.ino === event.ino && top.first.dev === event.dev) judge.held();
        else if (world.early(event)) judge.undecided();
        else {
          judge.broken(
            event,
            top === undefined
              ? `a mapping was given to task ${event.task}, which has not asked for one or has nothing left to ask for`
              : top.holds
                ? `a second mapping was given to ${describe(top.first)}, which holds one`
                : `a mapping of inode ${event.ino} was given to ${describe(top.first)}`,
            ...(top?.recent ?? world.task.ended?.recent ?? []),
          );
        }
      },
      atBarrier(event) {
        for (const task of world.tasks) {
          for (const left of task.open) {
            if (left.holds && !left.first.comm.startsWith('kworker')) {
              judge.broken(
                event,
                `the iteration of ${describe(left.first)} never ended its last mapping`,
                ...left.recent,
              );
              task.open.length = 0;
            }
          }
        }
      },
    };
  },
};

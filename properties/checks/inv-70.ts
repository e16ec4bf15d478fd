/** INV-70 order: locks are taken in the order of their classes (LK-01 … LK-08). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { LOCK_NAMES } from './engine/held-locks.js';

/** Added to the mode of a lock that was only tried. */
const TRIED = 2;
/** The count of direct requests and the writeback bit are waited for, not held: they have no place in the order. */
const UNORDERED = (1 << 4) | (1 << 6);

export const inv70: CheckDefinition = {
  id: 'INV-70',
  checks: 'no task takes a lock of a lower class while it holds one of a higher class',
  exercised: 'a lock taken while another is held',
  silent:
    'locks that were only tried; the direct I/O count and the writeback bit; a task number that several calls in progress use',
  hears: ['lock'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-70',
      exercised: 0,
      event(_kind, file, level, mode, task) {
        if (task < 0 || mode >= TRIED || (UNORDERED & (1 << level)) !== 0) return null;
        const highest = world.locks.highest(task, UNORDERED);
        if (highest < 0) return null;
        check.exercised++;
        if (level >= highest || severalUse(task)) return null;
        return world.finding(
          'INV-70',
          Math.max(0, file),
          -1,
          -1,
          `task ${task} takes ${LOCK_NAMES[level]} while it holds ${LOCK_NAMES[highest]} (LK-02)`,
        );
      },
    };
    const severalUse = (task: number): boolean => world.calls.open.filter(({ call }) => call.task === task).length > 1;
    return check;
  },
};

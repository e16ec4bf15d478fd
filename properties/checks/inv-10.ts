/** INV-10 conservation: free + reserved + allocated = total, each at least 0 (filesystems.md section 1). */
import type { Finding } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv10: CheckDefinition = {
  id: 'INV-10',
  checks: 'free, reserved and allocated blocks are at least 0 and add up to the total',
  exercised: 'a call that returned',
  make(world) {
    const judge = (): Finding | null => {
      const { total, free, reserved, allocated } = world.view.space();
      if (free >= 0 && reserved >= 0 && allocated >= 0 && free + reserved + allocated === total) return null;
      return world.finding(
        'INV-10',
        0,
        -1,
        -1,
        `${free} free + ${reserved} reserved + ${allocated} allocated blocks are not ${total}`,
      );
    };
    const check: PropertyCheck = {
      id: 'INV-10',
      exercised: 0,
      returned() {
        check.exercised++;
        return judge();
      },
      quiescent: judge,
    };
    return check;
  },
};

/** INV-72 nothing left behind: a call that returned holds no lock, reference or handle (PC-13, MAP-40). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv72: CheckDefinition = {
  id: 'INV-72',
  checks: 'the task of a call that returned holds nothing, and no folio is locked when all is quiet',
  exercised: 'a call that returned',
  silent: 'while the same task has another call in progress',
  folio: {
    concerns: f => f.quiet && f.locked,
    holds: () => false,
  },
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-72',
      exercised: 0,
      judgeFolio: (file, folio) =>
        world.finding(
          'INV-72',
          file.id,
          folio.pos,
          folio.size,
          `folio [${folio.pos}, ${folio.pos + folio.size}) is locked with nothing running`,
        ),
      returned(call) {
        if (world.calls.ofTask(call.task) !== null) return null;
        check.exercised++;
        const held = world.view.locks.heldBy(call.task);
        if (held.length === 0) return null;
        return world.finding('INV-72', call.file, -1, -1, `${call.name} returned and left behind: ${held.join(', ')}`);
      },
    };
    return check;
  },
};

/**
 * INV-68 data before metadata: when a transaction that makes blocks or bytes reachable becomes durable, the data writes it
 * refers to were flushed, by a cache flush that was submitted after they had completed (CR-11, CR-12).
 */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv68: CheckDefinition = {
  id: 'INV-68',
  checks: 'data is flushed before the transaction is durable that makes it reachable',
  exercised: 'a transaction that makes data reachable and becomes durable',
  silent: 'whether the data had completed at all when the transaction was made is INV-42, INV-43 and INV-44',
  hears: ['log-force'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-68',
      exercised: 0,
      event(_kind, _file, position) {
        const { durability } = world;
        for (const { file, from, to, completed, position: at } of durability.reaching) {
          if (at > position) break;
          if (completed === 0) continue;
          check.exercised++;
          if (completed < durability.flushed) continue;
          return world.finding(
            'INV-68',
            file,
            from,
            to - from,
            `the transaction that shows [${from}, ${to}) is durable, but the data was not flushed (CR-11)`,
          );
        }
        return null;
      },
    };
    return check;
  },
};

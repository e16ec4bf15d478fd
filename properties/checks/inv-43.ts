/**
 * INV-43 COW order: a copy-on-write block replaces the old one only after its data write completed (WB-52, DIO-42). That the
 * old block is not written meanwhile is INV-41.
 */
import type { CheckDefinition } from './engine/definition.js';
import { finishedBefore } from './engine/finished-writes.js';

export const inv43: CheckDefinition = finishedBefore({
  id: 'INV-43',
  checks: 'a copy-on-write block replaces the old one only after its data write completed',
  event: 'remap',
  becomes: 'remapped',
});

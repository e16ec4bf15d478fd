/** INV-42 no early conversion: unwritten becomes written only after every sector of the block was written and the write completed (WB-51, DIO-41). */
import type { CheckDefinition } from './engine/definition.js';
import { finishedBefore } from './engine/finished-writes.js';

export const inv42: CheckDefinition = finishedBefore({
  id: 'INV-42',
  checks: 'unwritten becomes written only after every sector of the block was written and the write completed',
  event: 'convert',
  becomes: 'converted',
});

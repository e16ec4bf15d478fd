/** INV-57 atomic write: one device write over exactly the range with tear protection, or one remap of it (MAP-27, DIO-25, CR-01). */
import { CallFlag, Ev } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv57: CheckDefinition = {
  id: 'INV-57',
  checks:
    'an ATOMIC write that succeeded went out as one protected device write of exactly its range, or became visible by one remap that covers it',
  exercised: 'an ATOMIC write that succeeded alone',
  silent: 'while other calls overlap',
  hears: ['bio-write', 'remap'],
  answers: ['dwrite'],
  make(world) {
    let writes = 0;
    let exact = 0;
    let remaps = 0;
    let covering = 0;
    const check: PropertyCheck = {
      id: 'INV-57',
      exercised: 0,
      called() {
        if (world.calls.open.length !== 1) return;
        writes = 0;
        exact = 0;
        remaps = 0;
        covering = 0;
      },
      event(kind, file, a, b, c) {
        const call = world.calls.open[0]?.call;
        if (call === undefined || (call.flags & CallFlag.ATOMIC) === 0 || call.file !== file) return null;
        const end = call.offset + call.length;
        if (kind === Ev.remap) {
          const { blockSize } = world.geometry;
          remaps++;
          if (a * blockSize <= call.offset && (a + b) * blockSize >= end) covering++;
          return null;
        }
        if (c >= end || c + b <= call.offset) return null;
        const bio = world.device?.inFlight[world.device.inFlight.length - 1];
        writes++;
        if (c === call.offset && b === call.length && bio?.atomic === true) exact++;
        return null;
      },
      returned(call, answer) {
        if (
          (call.flags & CallFlag.ATOMIC) === 0 ||
          answer.error !== 0 ||
          answer.count <= 0 ||
          world.calls.returning!.overlapped
        )
          return null;
        check.exercised++;
        if ((writes === 1 && exact === 1) || (remaps === 1 && covering === 1)) return null;
        return world.finding(
          'INV-57',
          call.file,
          call.offset,
          call.length,
          `atomic write [${call.offset}, ${call.offset + call.length}) went out as ${writes} device writes (${exact} protected) and ${remaps} remaps`,
        );
      },
    };
    return check;
  },
};

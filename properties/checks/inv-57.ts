/** INV-57 atomic write: one device write over exactly the range with tear protection, or remaps of one transaction (MAP-27, DIO-25, CR-01). */
import { CallFlag, Ev } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv57: CheckDefinition = {
  id: 'INV-57',
  checks:
    'an ATOMIC write that succeeded went out as one protected device write of exactly its range, or became visible by remaps of one transaction that cover it',
  exercised: 'an ATOMIC write that succeeded alone',
  silent: 'while other calls overlap',
  hears: ['bio-write', 'remap', 'commit', 'dio-begin'],
  answers: ['dwrite'],
  make(world) {
    let writes = 0;
    let exact = 0;
    // Remaps of one transaction: those with no commit between them (a transaction's events precede its commit).
    let remapped = 0;
    let commits = 0;
    let committedBefore = -1;
    let transactions = 0;
    const restart = (): void => {
      writes = 0;
      exact = 0;
      remapped = 0;
      commits = 0;
      committedBefore = -1;
      transactions = 0;
    };
    const check: PropertyCheck = {
      id: 'INV-57',
      exercised: 0,
      called() {
        if (world.calls.open.length === 1) restart();
      },
      event(kind, file, a, b, c) {
        if (kind === Ev.commit) {
          commits++;
          return null;
        }
        const call = world.calls.open[0]?.call;
        if (call === undefined || (call.flags & CallFlag.ATOMIC) === 0 || call.file !== file) return null;
        // What was written back before the request began (DIO-08) is not part of it.
        if (kind === Ev['dio-begin']) {
          restart();
          return null;
        }
        const end = call.offset + call.length;
        if (kind === Ev.remap) {
          const { blockSize } = world.geometry;
          const part = Math.min(end, (a + b) * blockSize) - Math.max(call.offset, a * blockSize);
          if (part <= 0) return null;
          remapped += part;
          if (commits !== committedBefore) transactions++;
          committedBefore = commits;
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
        if ((writes === 1 && exact === 1) || (transactions === 1 && remapped === call.length)) return null;
        return world.finding(
          'INV-57',
          call.file,
          call.offset,
          call.length,
          `atomic write [${call.offset}, ${call.offset + call.length}) went out as ${writes} device writes (${exact} protected), ${remapped} bytes of it remapped in ${transactions} transactions`,
        );
      },
    };
    return check;
  },
};

/** INV-58 hostile mapping: a begin reply that breaks the rules ends the operation, with an errno and without effect (MAP-63). */
import { IterStep, MapFlag } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv58: CheckDefinition = {
  id: 'INV-58',
  checks:
    'after a begin reply that breaks MAP-01, MAP-02, MAP-06 … 08 or MAP-13 the body does not run, nothing is stored, and the iteration ends with an errno',
  exercised: 'a begin reply that breaks the rules',
  steps: [IterStep.begun, IterStep.body, IterStep.finished],
  hears: ['dirty', 'dio-submit'],
  make(world) {
    /** Hostile replies in this sequence: usually none, and then no store is looked at. */
    let hostile = 0;
    const check: PropertyCheck = {
      id: 'INV-58',
      exercised: 0,
      reset() {
        hostile = 0;
      },
      iteration(step, record) {
        const track = world.iterations.at;
        if (step === IterStep.begun) {
          const library = (record.iomap.flags & (MapFlag.STALE | MapFlag.SIZE_CHANGED)) !== 0;
          // Block alignment is only recommended (MAP-03).
          track.hostile =
            library || (track.coverFault !== '' && !track.coverFault.includes('MAP-03')) || track.typeFault !== '';
          if (track.hostile) {
            check.exercised++;
            hostile++;
          }
          return null;
        }
        if (!track.hostile) return null;
        const done =
          step === IterStep.body
            ? 'ran its body'
            : step === IterStep.finished && record.error === 0
              ? 'ended without error'
              : '';
        if (done === '') return null;
        return world.finding(
          'INV-58',
          record.file,
          track.start,
          track.asked,
          `iteration ${done} after a mapping that breaks the rules (MAP-63)`,
        );
      },
      event(_kind, file, offset, length) {
        if (hostile === 0) return null;
        const track = world.iterations.active.find(it => it.hostile && it.mapped && it.file === file);
        if (track === undefined || offset < track.start || offset >= track.start + track.asked) return null;
        return world.finding(
          'INV-58',
          file,
          offset,
          length,
          `bytes [${offset}, ${offset + length}) were touched on behalf of a mapping that breaks the rules`,
        );
      },
    };
    return check;
  },
};

/**
 * MAP-67: the body of a buffered write or of direct I/O that comes to a stop reports its errno only if it made no progress in
 * this mapping. With progress it ends without one, and the iteration goes on: a further begin at the new position meets the
 * cause again.
 */
import { errnoName, IterStep, OpFlag } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { isBufferedWrite, isDirect } from './engine/iterations.js';

export const map67: CheckDefinition = {
  id: 'MAP-67',
  checks:
    'a body of a buffered write or of direct I/O with progress reports no errno, and a write goes on behind it while something remains',
  exercised: 'an end of a body that stopped before its mapping or the request was done',
  silent: 'a direct read may end at the end of the file (DIO-45)',
  steps: [IterStep.ending, IterStep.finished],
  make(world) {
    const check: PropertyCheck = {
      id: 'MAP-67',
      exercised: 0,
      iteration(step, record) {
        if (!isBufferedWrite(record) && !isDirect(record)) return null;
        const { file, flags, start, pos, length, status, written, error } = record;
        if (step === IterStep.ending) {
          if (status === 0 && written === record.effective) return null;
          check.exercised++;
          if (status >= 0 || written === 0) return null;
          const message = `the body reported ${errnoName(status)} after ${written} bytes of the mapping at ${start}`;
          return world.finding('MAP-67', file, start, written, message);
        }
        const track = world.iterations.at;
        if ((flags & OpFlag.WRITE) === 0 || error !== 0 || length === 0 || track.written === 0) return null;
        const message = `the iteration ended at ${pos} with ${length} bytes left, though its last body had made progress`;
        return world.finding('MAP-67', file, pos, length, message);
      },
    };
    return check;
  },
};

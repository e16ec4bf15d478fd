/** INV-05 honest progress: ends join seamlessly from the iteration's position, and a result is their sum (MAP-41 … 43, 65). */
import { type Answer, type Call, IterStep, MapType, OpFlag } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv05: CheckDefinition = {
  id: 'INV-05',
  checks:
    'the pieces given to successive ends are contiguous, lengths are trimmed as section 2 says, and a count is their sum',
  exercised: 'an end, or a write that returned a count',
  silent:
    'the sum is not compared when other calls overlapped, or the answer is an errno (MAP-65, DIO-46), nor for a whole direct read of at most a block without iteration (DIO-60)',
  steps: [IterStep.beginning, IterStep.begun, IterStep.ending],
  answers: ['write', 'dwrite', 'dread'],
  make(world) {
    /** Begins of direct reads since the last call for one. */
    let directReads = 0;
    /** The fast path has no iteration: one begin, no end, all of the request in one mapping. */
    const isSimple = (call: Call, answer: Answer): boolean =>
      call.name === 'dread' &&
      directReads === 0 &&
      call.length <= world.geometry.blockSize &&
      answer.count === call.length;
    const check: PropertyCheck = {
      id: 'INV-05',
      exercised: 0,
      called(call) {
        if (call.name === 'dread') directReads = 0;
      },
      iteration(step, record) {
        const { DIRECT, WRITE } = OpFlag;
        if (step === IterStep.beginning && (record.flags & (DIRECT | WRITE)) === DIRECT) directReads++;
        const track = world.iterations.at;
        if (step === IterStep.beginning && record.pos !== track.reached)
          return world.finding(
            'INV-05',
            record.file,
            record.pos,
            record.length,
            `begin at ${record.pos} although the ends so far reached ${track.reached}`,
          );
        if (step === IterStep.begun) {
          let end = Math.min(record.start + record.asked, record.iomap.end);
          if (record.srcmap.type !== MapType.HOLE) end = Math.min(end, record.srcmap.end);
          if (record.effective !== Math.max(0, end - record.start))
            return world.finding(
              'INV-05',
              record.file,
              record.start,
              record.effective,
              `the mapping at ${record.start} serves ${end - record.start} bytes, not ${record.effective}`,
            );
        }
        if (step !== IterStep.ending) return null;
        check.exercised++;
        if (record.start !== track.reached || record.pos !== record.start + record.written)
          return world.finding(
            'INV-05',
            record.file,
            record.start,
            record.written,
            `end for [${record.start}, ${record.start + record.written}) at position ${record.pos} after ends up to ${track.reached}`,
          );
        return null;
      },
      returned(call, answer) {
        const entry = world.calls.returning!;
        if (entry.overlapped || answer.error !== 0 || answer.count <= 0) return null;
        const progress = entry.buffered + entry.direct;
        const right =
          call.name === 'write' || call.name === 'dwrite'
            ? progress === answer.count
            : call.name !== 'dread' || progress >= answer.count;
        if (call.name === 'write' || call.name === 'dwrite' || call.name === 'dread') check.exercised++;
        if (right || isSimple(call, answer)) return null;
        return world.finding(
          'INV-05',
          call.file,
          call.offset,
          answer.count,
          `${call.name} returned ${answer.count} but its iterations made ${progress} bytes of progress (MAP-65)`,
        );
      },
    };
    return check;
  },
};

/**
 * SEEK-02: SEEK_HOLE says of no place that it is a hole where SEEK_DATA finds data, unless something changed in between.
 * The model judges each answer by itself, and where either may be said they could contradict each other for ever.
 */
import type { Bytes } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

/** What seeks of one file found since it changed last; −1 for nothing. */
interface Found {
  data: Bytes;
  hole: Bytes;
}

export const seek02: CheckDefinition = {
  id: 'SEEK-02',
  checks: 'no place below the end is found by both SEEK_DATA and SEEK_HOLE while the file stays as it is',
  exercised: 'a seek after another of the same file that had stayed as it was',
  silent: 'of seeks beside other calls',
  answers: ['seekData', 'seekHole'],
  make(world) {
    const files: Found[] = [];
    const check: PropertyCheck = {
      id: 'SEEK-02',
      exercised: 0,
      reset() {
        files.length = 0;
      },
      scanned({ id, changes, isize, lastIsize }) {
        const found = files[id];
        if (found !== undefined && (changes > 0 || isize !== lastIsize)) found.data = found.hole = -1;
        return null;
      },
      returned(call, answer) {
        if (answer.error !== 0 || !world.calls.alone(world.calls.returning!)) return null;
        const { isize } = world.file(call.file);
        const found = (files[call.file] ??= { data: -1, hole: -1 });
        if (found.data >= 0 || found.hole >= 0) check.exercised++;
        if (call.name === 'seekData') found.data = answer.count;
        else found.hole = answer.count;
        if (found.data !== found.hole || found.data >= isize) return null;
        const message = `SEEK_DATA and SEEK_HOLE both find byte ${found.data}`;
        return world.finding('SEEK-02', call.file, found.data, 1, message);
      },
    };
    return check;
  },
};

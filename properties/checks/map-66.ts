/**
 * MAP-66: however often its mapping is found stale, an operation finishes what it was asked for (MAP-53, MAP-61). A begin
 * after a STALE asks for all that remains, and an iteration that met one ends because nothing remains, because a mapping
 * that was not stale served nothing (MAP-62), or with the errno of something else than the staleness. That the content is
 * the same then is what INV-26, INV-30 and INV-32 compare: the model knows of no mapping that could be stale.
 */
import { errnoName, type Finding, type IterationRecord, IterStep } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { IterationTrack } from './engine/iterations.js';

export const map66: CheckDefinition = {
  id: 'MAP-66',
  checks:
    'a begin after a STALE asks for all that remains, and an iteration that met one ends with nothing left, or for another reason',
  exercised: 'a begin after a STALE, or the end of an iteration that met one',
  silent: 'an errno of begin or end is the answer of the file system; a reply that was broken on purpose (INV-58)',
  steps: [IterStep.beginning, IterStep.beginFailed, IterStep.ended, IterStep.finished],
  make(world) {
    const blame = ({ file, origin }: IterationTrack, pos: number, length: number, fault: string): Finding =>
      world.finding('MAP-66', file, pos, length, `the iteration from ${origin} met STALE and ${fault}`);
    const beganAgain = (track: IterationTrack, { pos, length }: IterationRecord): Finding | null => {
      const rest = track.asked - track.written;
      if (pos === track.start + track.written && length === rest) return null;
      return blame(
        track,
        pos,
        length,
        `began again with ${length} bytes at ${pos} instead of ${rest} at ${track.start + track.written} (MAP-61)`,
      );
    };
    const finished = (track: IterationTrack, { pos, length, error }: IterationRecord): Finding | null => {
      if (error === 0 && length > 0 && track.stale)
        return blame(track, pos, length, `gave up at ${pos} with ${length} bytes left`);
      if (error < 0 && track.stale && !track.planted && track.callback === 0)
        return blame(track, pos, length, `ended with ${errnoName(error)} because of it (MAP-53)`);
      return null;
    };
    const check: PropertyCheck = {
      id: 'MAP-66',
      exercised: 0,
      iteration(step, record) {
        const track = world.iterations.at;
        if (track.stales === 0) return null;
        if (step === IterStep.ended || step === IterStep.beginFailed) {
          track.callback = record.error;
          return null;
        }
        if (step === IterStep.beginning && !track.stale) return null;
        check.exercised++;
        return step === IterStep.beginning ? beganAgain(track, record) : finished(track, record);
      },
    };
    return check;
  },
};

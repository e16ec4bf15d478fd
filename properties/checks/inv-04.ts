/**
 * INV-04 pairing: each begin that returned 0 is followed by its work and exactly one end with the same flags and record
 * (MAP-40, MAP-41, MAP-53, MAP-64). What may follow what is the chart of mapping iteration, stepped by its table.
 */

import { REFUSED } from '../../model/charts/compile.js';
import { mappingIterationTable as chart } from '../../model/charts/mapping-iteration.js';
import {
  errnoName,
  type Finding,
  type Iomap,
  type IterationRecord,
  IterStep,
  MapFlag,
  MapType,
} from '../../model/contract/index.js';
import { ChartStepper } from './engine/chart-step.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { IterationTrack } from './engine/iterations.js';
import { describeRecord } from './engine/record-faults.js';

const { event: is } = chart;
const LIBRARY_FLAGS = MapFlag.STALE | MapFlag.SIZE_CHANGED;

export const inv04: CheckDefinition = {
  id: 'INV-04',
  checks:
    'the steps of each iteration follow the chart, and end gets the flags, position, length and record of its begin',
  exercised: 'an end',
  silent:
    'the simple direct read (DIO-60) is no iteration; nested calls of one task are told apart by their iteration only',
  steps: [IterStep.beginning, IterStep.begun, IterStep.beginFailed, IterStep.body, IterStep.ending, IterStep.finished],
  hears: ['validated'],
  make(world) {
    const stepper = new ChartStepper(chart);
    const take = (track: IterationTrack, event: number): Finding | null => {
      const next = stepper.step(track.state, event);
      if (next === REFUSED)
        return world.finding(
          'INV-04',
          track.file,
          track.start,
          track.effective,
          `iteration from ${track.origin}: ${stepper.describe(track.state, event)}`,
        );
      track.state = next;
      return null;
    };
    // In the chart a refused iteration is over, and what begins then is the next one (MAP-40).
    const again = (track: IterationTrack): Finding =>
      world.finding(
        'INV-04',
        track.file,
        track.start,
        track.asked,
        `iteration from ${track.origin}: begin at ${track.start} after a begin that failed (MAP-64)`,
      );
    const ending = (track: IterationTrack, record: IterationRecord): Finding | null => {
      check.exercised++;
      const stale = (record.iomap.flags & MapFlag.STALE) !== 0;
      if (stale && track.state !== chart.state.stale) {
        const found = take(track, is.invalid);
        if (found !== null) return found;
      }
      const differs = endDiffers(track, record);
      if (differs !== '')
        return world.finding(
          'INV-04',
          record.file,
          record.start,
          record.effective,
          `end after begin at ${track.start}: ${differs}`,
        );
      return take(track, is.end);
    };
    const check: PropertyCheck = {
      id: 'INV-04',
      exercised: 0,
      coverage: stepper.coverage,
      iteration(step, record) {
        const track = world.iterations.at;
        switch (step) {
          case IterStep.beginning:
            return track.refused ? again(track) : take(track, is.begin);
          case IterStep.begun:
            return take(track, is.given) ?? (record.srcmap.type === MapType.HOLE ? null : take(track, is.sourced));
          case IterStep.beginFailed:
            track.refused = true;
            return take(track, is.refused);
          case IterStep.body:
            return take(track, is.work);
          case IterStep.ending:
            return ending(track, record);
          case IterStep.finished:
            return track.refused ? null : take(track, is.finish);
          default:
            return null;
        }
      },
      event(_kind, _file, _offset, _length, stale) {
        const track = world.storing;
        return track === null ? null : take(track, stale === 0 ? is.valid : is.invalid);
      },
      returned(call, answer) {
        if (world.calls.ofTask(call.task) !== null) return null;
        const left = world.iterations.active.find(track => track.task === call.task);
        if (left === undefined) return null;
        return world.finding(
          'INV-04',
          left.file,
          left.start,
          left.effective,
          `${call.name} returned ${errnoName(answer.error)} with its iteration from ${left.origin} still ${chart.states[left.state]} (MAP-64)`,
        );
      },
    };
    return check;
  },
};

function endDiffers(track: IterationTrack, record: IterationRecord): string {
  if (record.flags !== track.flags) return 'other operation flags than begin';
  if (record.start !== track.start) return `position ${record.start}`;
  if (record.effective !== track.effective) return `length ${record.effective} instead of ${track.effective}`;
  if (!(record.written >= 0 && record.written <= track.effective))
    return `written ${record.written} of ${track.effective}`;
  if (!sameRecord(record.iomap, track.iomap))
    return `record ${describeRecord(record.iomap)} instead of ${describeRecord(track.iomap)} (MAP-41)`;
  return '';
}

function sameRecord(a: Iomap, b: Iomap): boolean {
  return (
    a.offset === b.offset &&
    a.length === b.length &&
    a.type === b.type &&
    a.addr === b.addr &&
    a.cookie === b.cookie &&
    a.cowCookie === b.cowCookie &&
    a.private === b.private &&
    (a.flags | LIBRARY_FLAGS) === (b.flags | LIBRARY_FLAGS)
  );
}

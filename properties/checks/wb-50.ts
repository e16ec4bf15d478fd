/**
 * WB-50: the steps of each ioend follow its chart: converted and remapped only when its data is on the device, the on-disk
 * size after that, and its folios leave writeback last (WB-51 … WB-54). The order of conversion and size among the extents
 * of one ioend is free (FS-X6), so the size counts as raised when the work ends.
 */
import { REFUSED } from '../../model/charts/compile.js';
import { ioendTable as chart } from '../../model/charts/ioend.js';
import { Ev, type Finding } from '../../model/contract/index.js';
import { ChartStepper } from './engine/chart-step.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { IoendTrack } from './engine/ioends.js';

const { event: is } = chart;

export const wb50: CheckDefinition = {
  id: 'WB-50',
  checks:
    'the steps of each ioend follow its chart: data, then conversion or remapping, then the size on disk, then the end of writeback',
  exercised: 'completion work that ended',
  silent: "a conversion or a size inside the range of a direct request in progress may be that request's",
  hears: ['ioend-submit', 'bio-done', 'convert', 'remap', 'dsize', 'ioend-done'],
  make(world) {
    const stepper = new ChartStepper(chart);
    const take = (ioend: IoendTrack, event: number): Finding | null => {
      const next = stepper.step(ioend.state, event);
      if (next === REFUSED)
        return world.finding(
          'WB-50',
          ioend.file,
          ioend.offset,
          ioend.end - ioend.offset,
          `ioend [${ioend.offset}, ${ioend.end}): ${stepper.describe(ioend.state, event)}`,
        );
      ioend.state = next;
      return null;
    };
    const opened = (ioend: IoendTrack): Finding | null => {
      let found = take(ioend, is.open);
      for (let piece = 1; piece < ioend.pieces; piece++) found ??= take(ioend, is.append);
      return found;
    };
    const moved = (file: number, first: number, count: number, event: number): Finding | null => {
      const { blockSize } = world.geometry;
      const from = first * blockSize;
      const to = from + count * blockSize;
      if (world.requests.overlaps(file, from, to)) return null;
      for (const ioend of world.ioends.list) {
        if (!ioend.submitted || ioend.file !== file || ioend.offset >= to || ioend.bioEnd <= from) continue;
        const found = take(ioend, event);
        if (found !== null) return found;
      }
      return null;
    };
    const finished = (file: number, offset: number, length: number): Finding | null => {
      for (const ioend of world.ioends.list) {
        if (ioend.file !== file || ioend.offset < offset || ioend.offset >= offset + length) continue;
        check.exercised++;
        if (!ioend.submitted) {
          // WB-29: the pass failed before this one was submitted.
          const found = opened(ioend) ?? take(ioend, is.abandon) ?? take(ioend, is.finish);
          if (found !== null) return found;
          continue;
        }
        const found = (ioend.raised ? take(ioend, is.raiseSize) : null) ?? take(ioend, is.finish);
        if (found !== null) return found;
      }
      return null;
    };
    const check: PropertyCheck = {
      id: 'WB-50',
      exercised: 0,
      coverage: stepper.coverage,
      event(kind, file, a, b) {
        const { at, list } = world.ioends;
        switch (kind) {
          case Ev['ioend-submit']:
            return at === null ? null : (opened(at) ?? take(at, is.submit));
          case Ev['bio-done']:
            if (at === null || file < 0 || at.completed < at.bioEnd - at.offset) return null;
            return take(at, at.failed ? is.failed : is.written);
          case Ev.convert:
            return moved(file, a, b, is.convert);
          case Ev.remap:
            return moved(file, a, b, is.remap);
          case Ev.dsize: {
            const ioend = list.find(it => it.file === file && it.submitted && it.offset < b && it.end >= b);
            if (ioend !== undefined && ioend.completed > 0 && b > a && !world.requests.overlaps(file, b - 1, b))
              ioend.raised = true;
            return null;
          }
          default:
            return finished(file, a, b);
        }
      },
    };
    return check;
  },
};

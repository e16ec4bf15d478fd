/**
 * INV-50 request life cycle: a direct request begins and is done once, its end_io runs at most once and after its last bio,
 * and no size is cut while it lasts (DIO-09, DIO-40, DIO-41, LK-08). What may follow what is the chart of direct requests.
 */

import { REFUSED } from '../../model/charts/compile.js';
import { directRequestTable as chart } from '../../model/charts/direct-request.js';
import { Ev, type EventKind, type Finding } from '../../model/contract/index.js';
import { ChartStepper } from './engine/chart-step.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

const arrows: ReadonlyMap<EventKind, number> = new Map([
  [Ev['dio-begin'], chart.event.begin],
  [Ev['dio-submit'], chart.event.mapped],
  [Ev['dio-queued'], chart.event.queued],
  [Ev['dio-end-io'], chart.event.endIo],
  [Ev['dio-done'], chart.event.complete],
]);

export const inv50: CheckDefinition = {
  id: 'INV-50',
  checks:
    'the steps of each direct request follow its chart, none of its writes is in flight when end_io runs, none is open when all is quiet, and isize is not cut meanwhile',
  exercised: 'a direct request that was done',
  hears: ['dio-begin', 'dio-submit', 'dio-queued', 'dio-end-io', 'dio-done', 'isize'],
  make(world) {
    const stepper = new ChartStepper(chart);
    const inFlight = (): Finding | null => {
      const request = world.requests.at;
      const bio = request === null ? null : world.requests.pending(request);
      if (request === null || bio === null) return null;
      return world.finding(
        'INV-50',
        bio.file,
        bio.offset,
        bio.length,
        `end_io of the direct request [${request.offset}, ${request.end}) ran with its write of [${bio.offset}, ${bio.offset + bio.length}) in flight`,
      );
    };
    const step = (kind: EventKind, file: number, number: number): Finding | null => {
      const request = world.requests.at;
      const event = arrows.get(kind)!;
      if (request === null)
        return world.finding(
          'INV-50',
          file,
          -1,
          -1,
          `"${chart.events[event]}" of direct request ${number}, which is not in progress`,
        );
      const next = stepper.step(request.state, event);
      if (next === REFUSED)
        return world.finding(
          'INV-50',
          file,
          request.offset,
          request.end - request.offset,
          `direct request [${request.offset}, ${request.end}): ${stepper.describe(request.state, event)}`,
        );
      request.state = next;
      return null;
    };
    const check: PropertyCheck = {
      id: 'INV-50',
      exercised: 0,
      coverage: stepper.coverage,
      event(kind, file, a, b, c) {
        if (kind === Ev.isize) {
          const request = b < a ? world.requests.open.find(it => it.file === file) : undefined;
          if (request === undefined) return null;
          return world.finding(
            'INV-50',
            file,
            b,
            a - b,
            `isize was cut from ${a} to ${b} while the direct request [${request.offset}, ${request.end}) is in progress (DIO-09)`,
          );
        }
        if (kind === Ev['dio-done']) check.exercised++;
        return step(kind, file, c) ?? (kind === Ev['dio-end-io'] ? inFlight() : null);
      },
      quiescent() {
        const left = world.requests.open[0];
        if (left === undefined) return null;
        return world.finding(
          'INV-50',
          left.file,
          left.offset,
          left.end - left.offset,
          `direct request [${left.offset}, ${left.end}) was never done`,
        );
      },
    };
    return check;
  },
};

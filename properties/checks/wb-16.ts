/**
 * WB-16: a delayed block is allocated as unwritten before anything is written, so no block becomes written but from unwritten
 * (WB-51, DIO-41) or by a copy-on-write remap or sharing, which replace a hole (WB-52, FS-X14). What may follow what is the
 * chart of file blocks, stepped by its table at every change of the map.
 */
import { fileBlockTable as chart } from '../../model/charts/file-block.js';
import type { FileId, Finding } from '../../model/contract/index.js';
import { FileLives, UNKNOWN } from './engine/block-lives.js';
import { ChartStepper } from './engine/chart-step.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

const { state: at, event: is } = chart;
/** The chart's state by what an `extent` event says, in the order of `Fork`. */
const STATES: readonly number[] = [at.hole, at.delayed, at.unwritten, at.written];
/** The chart's event by the state after it, and, where that is not enough, before it. */
const REACHES: readonly number[] = [is.free, is.reserve, is.allocate, is.convert];

export const wb16: CheckDefinition = {
  id: 'WB-16',
  checks: 'each block of the data fork goes through its states as its chart says',
  exercised: 'a block of the data fork that got another state',
  silent: 'collapse and insert move blocks; after a mount or a removal the blocks are not known until they change',
  hears: ['extent'],
  answers: ['collapse', 'insert', 'remount', 'remove'],
  make(world) {
    const stepper = new ChartStepper(chart);
    const lives = new FileLives(chart, stepper);
    const eventTo = (from: number, to: number): number => {
      if (to === at.hole && from === at.delayed) return is.release;
      if (to === at.written && from === at.hole) return is.attach;
      return REACHES[to]!;
    };
    const blame = (file: FileId, block: number, from: number, to: number): Finding => {
      const { blockSize } = world.geometry;
      return world.finding(
        'WB-16',
        file,
        block * blockSize,
        blockSize,
        `block ${block} became ${chart.states[to]}: ${stepper.describe(from, eventTo(from, to))}`,
      );
    };
    const turn = (file: FileId, block: number, to: number): Finding | null => {
      const of = lives.of(file);
      const from = of.state(block);
      if (from === to && to === at.hole) return null;
      check.exercised++;
      if (from === UNKNOWN) of.become(block, to);
      else if (!of.stepOne(block, eventTo(from, to))) return blame(file, block, from, to);
      return null;
    };
    const check: PropertyCheck = {
      id: 'WB-16',
      exercised: 0,
      coverage: stepper.coverage,
      reset() {
        lives.reset();
        // What was recovered from a device has blocks already.
        for (const id of world.view.files) if (world.view.file(id).next(0) >= 0) lives.of(id).forget();
      },
      event(_kind, file, first, count, state) {
        const to = STATES[state]!;
        const of = lives.of(file);
        let found: Finding | null = null;
        // Truncation unmaps to the end of all files: of a hole only what was met can have been anything else.
        if (to === at.hole && count > of.count)
          of.eachMet(first, first + count, block => {
            found ??= turn(file, block, to);
          });
        else for (let block = first; block < first + count && found === null; block++) found = turn(file, block, to);
        return found;
      },
      called(call) {
        if (call.name === 'collapse' || call.name === 'insert') lives.of(call.file).forget();
      },
      returned({ name, file }) {
        if (name !== 'remount') lives.of(file).forget();
        else for (const id of world.view.files) lives.of(id).forget();
        return null;
      },
    };
    return check;
  },
};

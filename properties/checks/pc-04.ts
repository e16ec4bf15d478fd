/**
 * PC-04 and what goes with it: a block is dirtied only when its bytes are in place, cleaned only when it is dirty, taken by
 * writeback once at a time (WB-02), and not dropped before the writeback of its folio is done (PC-95, WB-55). What may
 * follow what is the chart of blocks in the cache, stepped by its table at every event of the cache.
 */
import { folioBlockTable as chart } from '../../model/charts/folio-block.js';
import { EVENT_NAMES, Ev, type EventKind } from '../../model/contract/index.js';
import { FileLives } from './engine/block-lives.js';
import { ChartStepper } from './engine/chart-step.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { undivided } from './engine/undivided.js';

const named: ReadonlyMap<EventKind, number> = new Map([
  [Ev['folio-add'], chart.event.add],
  [Ev.uptodate, chart.event.fill],
  [Ev.dirty, chart.event.store],
  [Ev.clean, chart.event.clean],
  [Ev['writeback-folio'], chart.event.take],
  [Ev['writeback-end'], chart.event.done],
  [Ev['folio-remove'], chart.event.drop],
]);
const arrows = EVENT_NAMES.map((_, kind) => named.get(kind) ?? -1);

export const pc04: CheckDefinition = {
  id: 'PC-04',
  checks: 'each block in the cache goes through its states as its chart says',
  exercised: 'an event of the cache',
  hears: ['folio-add', 'uptodate', 'dirty', 'clean', 'writeback-folio', 'writeback-end', 'folio-remove'],
  make(world) {
    const stepper = new ChartStepper(chart);
    const lives = new FileLives(chart, stepper);
    const check: PropertyCheck = {
      id: 'PC-04',
      exercised: 0,
      coverage: stepper.coverage,
      reset() {
        lives.reset();
      },
      event(kind, file, offset, length, c) {
        // Behind the end of the file writeback takes nothing: the folio only becomes clean (WB-10).
        if (c === 1 && kind === Ev['writeback-folio']) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const event = arrows[kind]!;
        const of = lives.of(file);
        const whole =
          kind === Ev.dirty && world.geometry.maxFolioSize > blockSize
            ? undivided(world.view.file(file), offset)
            : null;
        const first = Math.floor((whole?.pos ?? offset) / blockSize);
        const end = whole === null ? offset + length : whole.pos + whole.size;
        if (of.step(first, Math.ceil(end / blockSize), event)) return null;
        return world.finding(
          'PC-04',
          file,
          of.refused * blockSize,
          blockSize,
          `block ${of.refused} in the cache: ${stepper.describe(of.was, event)}`,
        );
      },
    };
    return check;
  },
};

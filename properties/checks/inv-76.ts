/** INV-76 shutdown: after it no begin changes a mapping (CR-91; filesystems.md section 1.1, row "any"). Freezing is not in the alphabet. */
import { mountTable as chart } from '../../model/charts/mount.js';
import { IterStep, OpFlag } from '../../model/contract/index.js';
import { ChartStepper } from './engine/chart-step.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv76: CheckDefinition = {
  id: 'INV-76',
  checks: 'from the return of shutdown to the next remount no begin for a write, zeroing or unshare returns 0',
  exercised: 'a begin for a write after shutdown',
  steps: [IterStep.beginning, IterStep.begun],
  answers: ['shutdown'],
  make(world) {
    const stepper = new ChartStepper(chart);
    let state = chart.initial;
    const take = (event: number): void => {
      state = stepper.step(state, event);
    };
    const check: PropertyCheck = {
      id: 'INV-76',
      exercised: 0,
      coverage: stepper.coverage,
      reset() {
        state = chart.initial;
      },
      called(call) {
        take(call.name === 'remount' ? chart.event.remount : chart.event.call);
      },
      returned(_call, answer) {
        if (answer.error === 0) take(chart.event.shutdown);
        return null;
      },
      iteration(step, record) {
        if (state !== chart.state.down || (record.flags & (OpFlag.WRITE | OpFlag.ZERO)) === 0) return null;
        if (step === IterStep.beginning) check.exercised++;
        if (step !== IterStep.begun) return null;
        return world.finding(
          'INV-76',
          record.file,
          record.start,
          record.asked,
          'begin for a write returned 0 after the file system was shut down',
        );
      },
    };
    return check;
  },
};

/** INV-76 shutdown: after it no begin changes a mapping (CR-91; filesystems.md section 1.1, row "any"). Freezing is not in the alphabet. */
import { IterStep, OpFlag } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv76: CheckDefinition = {
  id: 'INV-76',
  checks: 'from the return of shutdown to the next remount no begin for a write, zeroing or unshare returns 0',
  exercised: 'a begin for a write after shutdown',
  steps: [IterStep.beginning, IterStep.begun],
  answers: ['shutdown'],
  make(world) {
    let down = false;
    const check: PropertyCheck = {
      id: 'INV-76',
      exercised: 0,
      reset() {
        down = false;
      },
      called(call) {
        if (call.name === 'remount') down = false;
      },
      returned(_call, answer) {
        if (answer.error === 0) down = true;
        return null;
      },
      iteration(step, record) {
        if (!down || (record.flags & (OpFlag.WRITE | OpFlag.ZERO)) === 0) return null;
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

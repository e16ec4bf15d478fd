/**
 * Types and flags are printed twice, by name and by number; both must say the same. Names and bits of newer kernels are
 * not judged.
 */
import type { IterEvent, MappingEvent, PieceEvent } from '../../../model/contract/kernel-event.js';
import type { KernelRule } from '../rule.js';

export const names: KernelRule = {
  id: 'K-NAMES',
  sentence: 'The printed names of type and flags are those of the printed numbers.',
  sources: ['mapping.md 1.1', 'mapping.md 1.2', 'mapping.md 1.3'],
  exercised: 'an event printed a type or flags',
  lines: 1,
  watch(_world, judge) {
    const check = (event: IterEvent | MappingEvent | PieceEvent): undefined => {
      if (!event.named) judge.broken(event, 'the names of type or flags do not belong to the numbers beside them');
      else if (event.unknown !== 0) judge.undecided();
      else judge.held();
    };
    return { iter: check, dstmap: check, srcmap: check, piece: check };
  },
};

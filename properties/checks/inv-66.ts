/**
 * INV-66 FUA honesty: what a synchronous direct write reports as done cannot be lost any more, whether FUA or a flush made
 * it so, and nor can the transactions it needs (DIO-26, DIO-39, MAP-22).
 */
import { type Bytes, CallFlag, type FileId, type Finding } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { losableByte } from './engine/losable.js';

export const inv66: CheckDefinition = {
  id: 'INV-66',
  checks: 'after a synchronous direct write its bytes, and the transactions that reach them, are durable',
  exercised: 'a synchronous direct write that succeeded',
  silent: 'while other calls ran beside it, for what they did to the range is not durable',
  answers: ['dwrite'],
  make(world) {
    const judge = (file: FileId, from: Bytes, to: Bytes): Finding | null => {
      const { durability } = world;
      const blame = (fault: string): Finding =>
        world.finding('INV-66', file, from, to - from, `the write of [${from}, ${to}) is synchronous, but ${fault}`);
      for (const { file: its, from: first, to: end, grows, position } of durability.reaching) {
        if (its !== file || position <= durability.durable || first >= to || end <= from) continue;
        return blame(
          grows
            ? `the size ${end} is not durable (DIO-26)`
            : `the mapping of [${first}, ${end}) is not durable (MAP-22)`,
        );
      }
      const lost = losableByte(world, file, from, to);
      if (lost >= 0) return blame(`byte ${lost} was not flushed (DIO-39)`);
      return null;
    };
    const check: PropertyCheck = {
      id: 'INV-66',
      exercised: 0,
      returned(call, answer) {
        const entry = world.calls.returning;
        const isSync = (call.flags & (CallFlag.DSYNC | CallFlag.SYNC)) !== 0;
        if (!isSync || answer.error !== 0 || answer.count === 0 || entry === null || entry.overlapped) return null;
        check.exercised++;
        return judge(call.file, call.offset, call.offset + answer.count);
      },
    };
    return check;
  },
};

/**
 * DIO-08: a direct write under NOWAIT is refused where anything of its range is cached, for that would have to be written
 * back and dropped; and where blocks would have to be allocated (MAP-30, section 9 of direct-io.md).
 */
import { Cached, type Call, CallFlag, type CallId, Fork } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

/** Blocks of a request that are looked at. */
const MOST_BLOCKS = 256;

function isInHurry({ name, flags, length, offset }: Call): boolean {
  return name === 'dwrite' && (flags & CallFlag.NOWAIT) !== 0 && length > 0 && offset >= 0;
}

export const dio08: CheckDefinition = {
  id: 'DIO-08',
  checks: 'a direct write under NOWAIT that succeeded found nothing of its range cached, and no hole in it',
  exercised: 'such a write that had to be refused, and that nothing else overlapped',
  silent: 'where a part of it went through the page cache (DIO-24, MAP-35)',
  answers: ['dwrite'],
  make(world) {
    /** Why a write in progress has to be refused. */
    const reasons = new Map<CallId, string>();
    const reasonFor = ({ file, offset, length }: Call): string => {
      const { blockSize } = world.geometry;
      const first = Math.floor(offset / blockSize);
      const count = Math.min(MOST_BLOCKS, Math.ceil((offset + length) / blockSize) - first);
      const { cache, data, cow } = world.peek(file, first, count);
      for (let i = 0; i < count; i++) {
        if ((cache[i]! & Cached.present) !== 0) return `block ${first + i} is cached`;
        if (data[i] === Fork.hole && cow[i] === 0) return `block ${first + i} is a hole (MAP-30)`;
      }
      return '';
    };
    const check: PropertyCheck = {
      id: 'DIO-08',
      exercised: 0,
      reset() {
        reasons.clear();
      },
      called(call) {
        const reason = isInHurry(call) ? reasonFor(call) : '';
        if (reason !== '') reasons.set(call.id, reason);
      },
      returned(call, answer) {
        const reason = reasons.get(call.id);
        if (reason === undefined) return null;
        reasons.delete(call.id);
        const { returning } = world.calls;
        if (returning?.overlapped !== false) return null;
        check.exercised++;
        if (answer.error !== 0 || answer.count === 0 || returning.direct < answer.count) return null;
        const message = `dwrite under NOWAIT succeeded, though ${reason}; expected -EAGAIN`;
        return world.finding('DIO-08', call.file, call.offset, call.length, message);
      },
    };
    return check;
  },
};

/**
 * CR-20: a sync that returned 0 has made durable what its file was when it began: the transactions that changed it, and the
 * data. So it does not return 0 where its own cache flush or its own log write failed (CR-05, CR-21, CR-22, CR-24). A
 * synchronous direct write is the business of INV-66.
 */
import { type Bytes, type Call, CallFlag, type CallId, type OperationName } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { losableByte } from './engine/losable.js';

/** They promise the whole file. */
const SYNCS: readonly OperationName[] = ['fsync', 'fdatasync', 'msync'];

function syncs({ name, flags }: Call): boolean {
  return SYNCS.includes(name) || (name === 'write' && (flags & (CallFlag.DSYNC | CallFlag.SYNC)) !== 0);
}

export const cr20: CheckDefinition = {
  id: 'CR-20',
  checks:
    'after fsync, fdatasync, msync or a synchronous write returned 0, the transactions that had changed the file are durable, and so is its data',
  exercised: 'such a call, of a file that had changed since the mount',
  silent:
    'while other calls ran beside it, for the data, and for transactions that are younger than the call; of a synchronous write, for what does not concern its bytes (CR-22)',
  answers: [...SYNCS, 'write', 'remove'],
  make(world) {
    /** Of each sync in progress: the last transaction that had changed its file when it began. */
    const before = new Map<CallId, number>();
    /** Of each file: up to here the transactions are of one that is gone and had its number. */
    const removed: number[] = [];
    const check: PropertyCheck = {
      id: 'CR-20',
      exercised: 0,
      reset() {
        before.clear();
        removed.length = 0;
      },
      called(call) {
        if (syncs(call)) before.set(call.id, world.durability.changedBy(call.file));
      },
      returned(call, answer) {
        const { durability } = world;
        const { file, name, offset } = call;
        if (name === 'remove') removed[file] = durability.last;
        const changed = before.get(call.id);
        if (changed === undefined) return null;
        before.delete(call.id);
        const whole = name !== 'write';
        if (answer.error !== 0 || (!whole && answer.count === 0)) return null;
        const from: Bytes = whole ? 0 : offset;
        const to: Bytes = whole ? Number.POSITIVE_INFINITY : offset + answer.count;
        const blame = (fault: string) =>
          world.finding('CR-20', file, whole ? -1 : from, whole ? -1 : to - from, `${name} returned 0, but ${fault}`);
        const gone = removed[file] ?? 0;
        if (durability.changedBy(file) > gone) check.exercised++;
        if (whole && changed > durability.durable && changed > gone)
          return blame(`transaction ${changed}, which changed the file before, is not durable`);
        if (world.calls.returning?.overlapped !== false) return null;
        for (const { file: its, from: first, to: end, position } of durability.reaching)
          if (its === file && position > Math.max(gone, durability.durable) && first < to && end > from)
            return blame(`transaction ${position}, which shows [${first}, ${end}), is not durable`);
        const lost = losableByte(world, file, from, to);
        return lost < 0 ? null : blame(`byte ${lost} was written and not flushed since`);
      },
    };
    return check;
  },
};

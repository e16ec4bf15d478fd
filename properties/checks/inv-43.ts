/**
 * INV-43 COW order: a copy-on-write block replaces the old one only after its data write completed (WB-52, DIO-42), and the
 * reference to the old one drops in the transaction that does so (FS-X5). That the old block is not written meanwhile is
 * INV-41.
 */
import { CowFork, Ev, type FileBlock, type FileId, Fork, type TaskId } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { finishedBefore } from './engine/finished-writes.js';
import { TRANSACTION } from './engine/held-locks.js';

const written = finishedBefore({
  id: 'INV-43',
  checks: 'a copy-on-write block replaces the old one only after its data write completed',
  event: 'remap',
  becomes: 'remapped',
});

export const inv43: CheckDefinition = {
  ...written,
  checks: `${written.checks}; the old one is unmapped in the transaction that does so`,
  silent: `${written.silent}; that one task unmapped the old block and remapped the copy in two transactions shows only within a call, during which no other begins or returns, and where locks are told of`,
  hears: ['extent', 'commit', 'remap'],
  make(world) {
    const check: PropertyCheck = written.make(world);
    const finished = check.event!.bind(check);
    // The last block that was unmapped under busy copy-on-write space, by whom, and what came of that transaction.
    let file: FileId = -1;
    let block: FileBlock = -1;
    let task: TaskId = -1;
    let committed = false;
    const forget = (): void => {
      file = -1;
    };
    const unmapped = (of: FileId, first: FileBlock): void => {
      const by = world.locks.onlyHolder(TRANSACTION);
      if (by < 0 || world.peek(of, first, 1).cow[0] !== CowFork.busy) return;
      // The remap itself finds the hole once more where it unmaps a range of which a part is mapped.
      if (of === file && first === block && by === task) return;
      file = of;
      block = first;
      task = by;
      committed = false;
    };
    check.reset = forget;
    check.called = forget;
    check.returned = () => {
      forget();
      return null;
    };
    check.event = (kind, of, first, count, target) => {
      if (kind === Ev.commit) {
        if (file >= 0 && world.locks.onlyHolder(TRANSACTION) === task) committed = true;
        return null;
      }
      if (kind === Ev.extent) {
        if (target === Fork.hole) unmapped(of, first);
        return null;
      }
      const late = committed && of === file && block >= first && block < first + count;
      if (of === file) forget();
      if (late && world.locks.onlyHolder(TRANSACTION) === task) {
        const { blockSize } = world.geometry;
        const message = `block ${block} was remapped to device block ${target + block - first} after a transaction that unmapped its old block had committed; expected both in one transaction`;
        return world.finding('INV-43', of, block * blockSize, blockSize, message);
      }
      return finished(kind, of, first, count, target);
    };
    return check;
  },
};

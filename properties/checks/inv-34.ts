/** INV-34 unshare result: after an unshare the range has no shared block, the library left each of them dirty (PC-80, PC-81). */
import { Cached, CowFork, Fork, IterStep, OpFlag } from '../../model/contract/index.js';
import { Code } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv34: CheckDefinition = {
  id: 'INV-34',
  checks:
    'when the unsharing iteration succeeded every shared block of the range is dirty or under writeback with private space, and when the call returned 0 none is shared',
  exercised: 'an unsharing iteration or call that succeeded',
  silent: 'while another call is in progress; content is compared by INV-26; after an injected failure',
  steps: [IterStep.finished],
  answers: ['unshare'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-34',
      exercised: 0,
      iteration(_step, record) {
        if (record.error !== 0) return null;
        if ((record.flags & OpFlag.UNSHARE) === 0 || (record.flags & OpFlag.DAX) !== 0 || world.calls.open.length > 1)
          return null;
        const { blockSize } = world.geometry;
        const { origin, reached } = world.iterations.at;
        const first = Math.floor(origin / blockSize);
        const count = Math.min(1024, Math.ceil(reached / blockSize) - first);
        if (count <= 0) return null;
        const entry = world.calls.ofTask(record.task);
        if (entry !== null && entry.faults !== world.calls.faults) return null;
        check.exercised++;
        const table = world.peek(record.file, first, count);
        for (let i = 0; i < count; i++) {
          if (table.data[i] !== Fork.written || table.shared[i] === 0) continue;
          if ((table.cache[i]! & (Cached.dirty | Cached.writeback)) !== 0 && table.cow[i] !== CowFork.none) continue;
          const block = first + i;
          return world.finding(
            'INV-34',
            record.file,
            block * blockSize,
            blockSize,
            `block ${block} is still shared after [${origin}, ${reached}) was unshared, and is not dirty with private space (PC-80)`,
          );
        }
        return null;
      },
      returned(call, answer) {
        if (answer.error !== 0) return null;
        const entry = world.calls.returning!;
        if (entry.overlapped || entry.faults !== world.calls.faults) return null;
        const file = world.file(call.file);
        // A range behind the end is only allocated, though its first block may hold the end.
        if (call.offset >= file.isize) return null;
        check.exercised++;
        const { blockSize } = world.geometry;
        const end = Math.min(call.offset + call.length, file.isize);
        for (let row = file.rows.seek(Math.floor(call.offset / blockSize)); row < file.rows.count; row++) {
          const block = file.rows.block[row]!;
          if (block * blockSize >= end) break;
          const code = file.rows.code[row]!;
          if ((code & Code.data) !== Fork.written || (code & Code.shared) === 0) continue;
          return world.finding(
            'INV-34',
            call.file,
            block * blockSize,
            blockSize,
            `block ${block} is still shared after unshare returned 0`,
          );
        }
        return null;
      },
    };
    return check;
  },
};

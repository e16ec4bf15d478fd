/** INV-40 every dirty byte is accounted: in one ioend, answered HOLE and redundant, or its error was recorded (WB-10, WB-81). */
import { type Bytes, Cached, Ev, type FileId, type Finding, Fork } from '../../model/contract/index.js';
import { Is } from './engine/call-kinds.js';
import { Mark } from './engine/cycles.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { firstLost } from './engine/redundant.js';

export const inv40: CheckDefinition = {
  id: 'INV-40',
  checks:
    'each block that was dirty when writeback took its folio went into one ioend, was answered HOLE holding what the map alone yields, or its error was recorded',
  exercised: 'a folio that left writeback',
  silent:
    'blocks behind the end; shared blocks of a target that shows no device; a HOLE while a call that drops bytes is in progress (WB-14)',
  hears: ['writeback-hole', 'writeback-end', 'writeback-error'],
  make(world) {
    /** What is wrong unless an error is recorded right after (section 3 steps 7 and 8 of writeback.md). */
    let suspected: Finding | null = null;
    const hole = (file: FileId, offset: Bytes, length: Bytes): Finding | null => {
      if (world.calls.working(file, Is.dropping)) return null;
      const { blockSize } = world.geometry;
      const { isize, memory } = world.view.file(file);
      const block = Math.floor(offset / blockSize);
      const count = Math.ceil((offset + length) / blockSize) - block;
      const table = world.peek(file, block, count);
      for (let i = 0; i < count; i++) {
        const start = (block + i) * blockSize;
        const at = table.memoryAt[i]!;
        if (at < 0 || (table.cache[i]! & Cached.uptodate) === 0 || start >= isize) continue;
        const shared = table.data[i] === Fork.written && table.shared[i] !== 0;
        const length = Math.min(blockSize, isize - start);
        const lost = firstLost(memory, at, length, shared, world.device, table.dataBlock[i]! * blockSize);
        if (lost < 0) continue;
        const byte = start + lost;
        return world.finding(
          'INV-40',
          file,
          byte,
          1,
          `dirty byte ${byte} was answered HOLE by writeback and is lost: ${world.describeByte(file, byte, memory[at + lost]!)}`,
        );
      }
      return null;
    };
    const ended = (): void => {
      const cycle = world.cycles.at;
      if (cycle === null || suspected !== null) return;
      check.exercised++;
      for (let i = 0; i < cycle.count; i++) {
        const mark = cycle.marks[i]!;
        if (mark !== Mark.twice && (mark !== Mark.owed || cycle.failed)) continue;
        const block = cycle.first + i;
        const { blockSize } = world.geometry;
        const fault =
          mark === Mark.twice
            ? 'went into two ioends'
            : 'went into no ioend, was not answered HOLE, and no error was recorded';
        suspected = world.finding(
          'INV-40',
          cycle.file,
          block * blockSize,
          blockSize,
          `dirty block ${block} of the folio [${cycle.pos}, ${cycle.pos + cycle.size}) ${fault} (WB-81)`,
        );
        return;
      }
    };
    const judge = (): Finding | null => {
      const found = suspected;
      suspected = null;
      return found;
    };
    const check: PropertyCheck = {
      id: 'INV-40',
      exercised: 0,
      reset() {
        suspected = null;
      },
      event(kind, file, offset, length) {
        if (kind === Ev['writeback-hole']) return hole(file, offset, length);
        if (kind === Ev['writeback-end']) ended();
        else if (suspected?.file === file) suspected = null;
        return null;
      },
      returned: judge,
      quiescent: judge,
    };
    return check;
  },
};

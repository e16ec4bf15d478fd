/**
 * INV-69 the size step is safe: when a larger on-disk size becomes durable, the bytes that a smaller one had cut off from
 * the block of its end are gone from the device (CR-44, CR-83). What lay behind the end is remembered whenever the on-disk
 * size shrinks, at the mount, where a crash may have left it, and when a clone brings the last block of its source (FS-X14).
 */
import {
  type Bytes,
  type DeviceBlock,
  Ev,
  type FileId,
  type Finding,
  Fork,
  type OperationName,
} from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { Reaching } from './engine/durability.js';

/** What the device held behind an on-disk size. */
interface Tail {
  readonly size: Bytes;
  /** The last transaction before: a growth up to it was undone by what made the size small. */
  readonly after: number;
  readonly block: DeviceBlock;
  readonly bytes: Uint8Array;
  /** It came with the blocks of a clone; otherwise the file was cut there. */
  readonly cloned: boolean;
}

/** They make a file larger with blocks of another. */
const CLONING: readonly OperationName[] = ['reflink', 'copy'];

export const inv69: CheckDefinition = {
  id: 'INV-69',
  checks:
    'what lay behind a smaller on-disk size, or came with the last block of a clone, is not on the device when a larger one becomes durable',
  exercised: 'a larger size that became durable, where something lay behind the smaller one',
  silent: 'where the block of the end was moved, unmapped or shared in between',
  hears: ['dsize', 'log-force'],
  answers: ['remount', 'remove'],
  make(world) {
    const tails = new Map<FileId, Tail[]>();

    const remember = (file: FileId, size: Bytes, cloned: boolean): void => {
      const { blockSize } = world.geometry;
      const { device } = world;
      if (device === null || size % blockSize === 0) return;
      const table = world.peek(file, Math.floor(size / blockSize), 1);
      if (table.data[0] !== Fork.written) return;
      // Writeback that the clone began with raises the size as well, over blocks that are the file's own.
      if (cloned && table.shared[0] === 0) return;
      const block = table.dataBlock[0]!;
      const bytes = device.contents.slice(block * blockSize + (size % blockSize), (block + 1) * blockSize);
      if (bytes.every(byte => byte === 0)) return;
      const tail = { size, after: world.durability.last, block, bytes, cloned };
      const others = tails.get(file);
      if (others === undefined) tails.set(file, [tail]);
      else others.push(tail);
    };
    /** A clone makes the file larger, and brings its blocks whole. */
    const isCloned = (file: FileId): boolean =>
      world.calls.open.some(({ call }) => call.file === file && CLONING.includes(call.name));
    const mount = (): void => {
      tails.clear();
      for (const id of world.view.files) remember(id, world.view.file(id).dsize, false);
    };
    const judge = (tail: Tail, { file, to }: Reaching): Finding | null => {
      const { device } = world;
      if (device === null) return null;
      check.exercised++;
      const { blockSize } = world.geometry;
      const { size, block, bytes, cloned } = tail;
      const table = world.peek(file, Math.floor(size / blockSize), 1);
      if (table.data[0] !== Fork.written || table.dataBlock[0] !== block) return null;
      const addr = block * blockSize + (size % blockSize);
      const end = Math.min(bytes.length, to - size);
      for (let i = 0; i < end; i++) {
        const seen = device.contents[addr + i]!;
        if (seen === 0 || seen !== bytes[i]) continue;
        if (world.truth.differs(file, size + i, 1, device.contents, addr + i) < 0) continue;
        return world.finding(
          'INV-69',
          file,
          size + i,
          1,
          `size ${to} is durable, but byte ${size + i} on the device is what ${cloned ? `a clone up to ${size} brought` : `the cut to ${size} left`} there: ${world.describeByte(file, size + i, seen)}`,
        );
      }
      return null;
    };
    /** Each tail below the larger size is looked at, once. */
    const exposedBy = (growth: Reaching): Finding | null => {
      const ofFile = tails.get(growth.file);
      if (ofFile === undefined) return null;
      for (let i = ofFile.length - 1; i >= 0; i--) {
        const tail = ofFile[i]!;
        if (growth.position <= tail.after || growth.to <= tail.size) continue;
        const found = judge(tail, growth);
        if (found !== null) return found;
        ofFile.splice(i, 1);
      }
      if (ofFile.length === 0) tails.delete(growth.file);
      return null;
    };
    const check: PropertyCheck = {
      id: 'INV-69',
      exercised: 0,
      reset: mount,
      returned(call) {
        // At once: what a later call puts behind the end, before it raises the size, was not left there (CR-12).
        if (call.name === 'remount') mount();
        else tails.delete(call.file);
        return null;
      },
      event(kind, file, a, b) {
        if (kind === Ev.dsize) {
          if (b < a) {
            tails.delete(file);
            remember(file, b, false);
          } else if (isCloned(file)) remember(file, b, true);
          return null;
        }
        for (const growth of world.durability.reaching) {
          if (growth.position > a) break;
          const found = growth.grows ? exposedBy(growth) : null;
          if (found !== null) return found;
        }
        return null;
      },
    };
    return check;
  },
};

/**
 * What must hold of any file system right after recovery, whatever it recovered (INV-63): space adds up and nothing is
 * reserved (INV-10, INV-11), every block has as many owners as it is counted for and none of them is metadata (INV-14,
 * INV-15), sizes in core and on disk agree (INV-44), and there is no delayed allocation and no copy-on-write fork.
 */
import {
  BlockTable,
  CowFork,
  type DeviceBlock,
  type Finding,
  Fork,
  type Geometry,
  type View,
} from '../../model/contract/index.js';

const table = new BlockTable();
const STRIDE = 32;

/** Null, or what is wrong with the state that recovery left. */
export function inconsistency(view: View, geometry: Geometry): Finding | null {
  const space = view.space();
  if (space.reserved !== 0) return fault(-1, `${space.reserved} blocks are reserved`);
  if (space.free + space.allocated !== space.total)
    return fault(-1, `${space.free} blocks free and ${space.allocated} allocated make ${space.total}`);
  owners.begin(geometry.deviceBlocks);
  let metadata = 0;
  for (const id of view.files) {
    const found = fileFault(view, geometry, id);
    if (found !== null) return found;
    metadata += view.file(id).metadataBlocks;
  }
  for (const block of owners.blocks)
    if (space.references(block) !== owners.of(block))
      return fault(-1, `block ${block} has ${owners.of(block)} owners and is counted for ${space.references(block)}`);
  if (owners.blocks.length + metadata > space.allocated)
    return fault(-1, `${owners.blocks.length + metadata} blocks are in use and ${space.allocated} allocated`);
  return null;
}

/** How many forks refer to each device block. */
class Owners {
  /** Those that any does. */
  readonly blocks: DeviceBlock[] = [];
  private counts = new Uint16Array(0);

  begin(blocks: number): void {
    if (this.counts.length < blocks) this.counts = new Uint16Array(blocks);
    else for (const block of this.blocks) this.counts[block] = 0;
    this.blocks.length = 0;
  }

  add(block: DeviceBlock): void {
    if (this.counts[block]!++ === 0) this.blocks.push(block);
  }

  of(block: DeviceBlock): number {
    return this.counts[block]!;
  }
}

const owners = new Owners();

function fileFault(view: View, geometry: Geometry, id: number): Finding | null {
  const file = view.file(id);
  if (file.isize !== file.dsize) return fault(id, `its size is ${file.isize} in core and ${file.dsize} on disk`);
  if (file.delayedBlocks !== 0 || file.indexReservation !== 0)
    return fault(id, `it has ${file.delayedBlocks} delayed blocks and reserves ${file.indexReservation} for its index`);
  const space = view.space();
  for (let at = file.next(0); at >= 0; at = file.next(at)) {
    file.describe(at, STRIDE, table);
    for (let i = 0; i < STRIDE; i++) {
      const fork = table.data[i]!;
      const staged = table.cow[i] !== CowFork.none;
      if (fork === Fork.hole && !staged) continue;
      const block = table.dataBlock[i]!;
      const wrong = staged ? 'has a copy-on-write fork' : fork === Fork.delay ? 'is delayed' : '';
      if (wrong !== '' || space.isMetadata(block))
        return fault(id, `block ${at + i} (byte ${(at + i) * geometry.blockSize}) ${wrong || 'lies in metadata'}`);
      owners.add(block);
    }
    at += STRIDE;
  }
  return null;
}

function fault(file: number, what: string): Finding {
  const message = `after recovery ${file < 0 ? '' : `file ${file}: `}${what}`;
  return { id: 'INV-63', message, file: Math.max(0, file), offset: -1, length: -1, call: -1 };
}

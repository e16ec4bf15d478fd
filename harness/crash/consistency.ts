/**
 * What must hold of any file system right after recovery, whatever it recovered (INV-63): space adds up and nothing is
 * reserved (INV-10, INV-11), every block has as many owners as it is counted for and none of them is metadata (INV-14,
 * INV-15), sizes in core and on disk agree (INV-44), and there is no delayed allocation and no copy-on-write fork.
 */
import { BlockTable, CowFork, type Finding, Fork, type Geometry, type View } from '../../model/contract/index.js';

const table = new BlockTable();
const STRIDE = 256;

/** Null, or what is wrong with the state that recovery left. */
export function inconsistency(view: View, geometry: Geometry): Finding | null {
  const space = view.space();
  if (space.reserved !== 0) return fault(-1, `${space.reserved} blocks are reserved`);
  if (space.free + space.allocated !== space.total)
    return fault(-1, `${space.free} blocks free and ${space.allocated} allocated make ${space.total}`);
  const owners = new Map<number, number>();
  let metadata = 0;
  for (const id of view.files) {
    const found = fileFault(view, geometry, id, owners);
    if (found !== null) return found;
    metadata += view.file(id).metadataBlocks;
  }
  for (const [block, count] of owners)
    if (space.references(block) !== count)
      return fault(-1, `block ${block} has ${count} owners and is counted for ${space.references(block)}`);
  if (owners.size + metadata > space.allocated)
    return fault(-1, `${owners.size + metadata} blocks are in use and ${space.allocated} allocated`);
  return null;
}

function fileFault(view: View, geometry: Geometry, id: number, owners: Map<number, number>): Finding | null {
  const file = view.file(id);
  const { blockSize } = geometry;
  if (file.isize !== file.dsize) return fault(id, `its size is ${file.isize} in core and ${file.dsize} on disk`);
  if (file.delayedBlocks !== 0 || file.indexReservation !== 0)
    return fault(id, `it has ${file.delayedBlocks} delayed blocks and reserves ${file.indexReservation} for its index`);
  const space = view.space();
  for (let at = file.next(0); at >= 0; at = file.next(at)) {
    file.describe(at, STRIDE, table);
    for (let i = 0; i < STRIDE; i++) {
      const where = `block ${at + i} (byte ${(at + i) * blockSize})`;
      const fork = table.data[i]!;
      if (fork === Fork.delay) return fault(id, `${where} is delayed`);
      if (table.cow[i] !== CowFork.none) return fault(id, `${where} has a copy-on-write fork`);
      if (fork === Fork.hole) continue;
      const block = table.dataBlock[i]!;
      if (space.isMetadata(block)) return fault(id, `${where} lies in metadata block ${block}`);
      owners.set(block, (owners.get(block) ?? 0) + 1);
    }
    at += STRIDE;
  }
  return null;
}

function fault(file: number, what: string): Finding {
  const message = `after recovery ${file < 0 ? '' : `file ${file}: `}${what}`;
  return { id: 'INV-63', message, file: Math.max(0, file), offset: -1, length: -1, call: -1 };
}

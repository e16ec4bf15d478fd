/**
 * After a crash was judged the model goes on in the state that was observed: sizes, bytes, storage and sharing are the
 * recovered ones, nothing is cached, nothing is owed to anybody. Preallocation may still be trimmed (FS-X11).
 */
import { type Bytes, DEVICE_POISON } from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import { chunkFor, storeBytes } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import { mayBeWritten, mayPreallocate } from '../state/map.js';
import { mayAddScribble } from '../state/scribble.js';
import type { State } from '../state/state.js';
import type { Medium, RecoveredExtent, RecoveredFile } from './recovered.js';

/** The first candidate of each sector is what it holds. Files that are not listed are gone: empty. */
export function adoptRecovered(state: State, files: readonly RecoveredFile[], medium: Medium): void {
  for (const file of state.files) {
    const reflinked = file.reflinked || file.onceReflinked;
    file.clear(state.pool);
    file.reflinked = reflinked;
    file.trimmed = true;
  }
  state.shared.clear();
  state.overlap.clear();
  /** How many blocks use each device address, and the number of the storage they share. */
  const users = new Map<number, number>();
  for (const { extents } of files)
    for (const extent of extents)
      for (const address of addresses(state, extent)) users.set(address, (users.get(address) ?? 0) + 1);
  const storages = new Map<number, number>();
  for (const recovered of files) {
    const file = state.file(recovered.file);
    file.size = recovered.size;
    file.sizeLeast = recovered.size;
    file.safeSize = recovered.size;
    for (const extent of recovered.extents) adoptExtent(state, file, extent, medium, users, storages);
    if (recovered.partly !== true) continue;
    // Zeroes may be written, too.
    mayBeWritten(state, file, 0, file.size);
    mayPreallocate(state, file, 0, file.size + state.deviceBytes);
    file.tailTo = state.blockUp(file.size);
  }
}

function* addresses(state: State, { address, length, written }: RecoveredExtent): Generator<number> {
  if (written) for (let done = 0; done < length; done += state.block) yield address + done;
}

function adoptExtent(
  state: State,
  file: FileModel,
  extent: RecoveredExtent,
  medium: Medium,
  users: ReadonlyMap<number, number>,
  storages: Map<number, number>,
): void {
  const { block } = state;
  const end = extent.offset + extent.length;
  for (let at = extent.offset; at < end; at += block) {
    const chunk = chunkFor(state.pool, file, at);
    const index = (at - chunk.start) / block;
    // Behind the end it is preallocation, which may go at any time, and come again as a reservation (FS-X11).
    const unwritten = at < state.blockUp(file.size) ? Block.UNWRITTEN : Block.UNWRITTEN | Block.HOLE;
    chunk.state[index] = extent.written ? Block.DATA : unwritten;
    if (!extent.written) continue;
    const address = extent.address + (at - extent.offset);
    if ((users.get(address) ?? 0) > 1) {
      let storage = storages.get(address);
      if (storage === undefined) {
        storage = state.shared.next();
        storages.set(address, storage);
      }
      state.shared.own(file, chunk, index, storage);
      file.reflinked = true;
    }
    const { sectorSize } = medium;
    for (let done = 0; done < block && at < file.size; done += sectorSize) {
      const { bytes, at: place } = medium.candidates(address + done)[0]!;
      const n = Math.min(sectorSize, file.size - at - done);
      if (n > 0) storeBytes(state.pool, file, at + done, n, bytes, place);
      if (n < sectorSize) keepTail(state, file, at + done, bytes.subarray(place, place + sectorSize));
    }
  }
}

/** Behind the end a mapped load may show what the crash left in the last block, until that is zeroed (PC-21). */
function keepTail(state: State, file: FileModel, offset: Bytes, sector: Uint8Array): void {
  const shown = sector.map(byte => (byte === DEVICE_POISON ? 0 : byte));
  if (shown.some(byte => byte !== 0)) mayAddScribble(state, file, offset, shown);
}

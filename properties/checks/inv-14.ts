/**
 * INV-14 one owner: the references to a device block are those that the file maps show; more than one only in written data
 * forks; never free and referenced, never metadata in a map (MAP-23, WB-82, FS-X5).
 */
import { type Bytes, type DeviceBlock, type Finding, Fork } from '../../model/contract/index.js';
import { Code, cowOf } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import type { FileTrack } from './engine/file-track.js';
import type { Rows } from './engine/rows.js';

export const inv14: CheckDefinition = {
  id: 'INV-14',
  checks:
    'each device block has as many references as forks refer to it, more than one only from written data forks, and is no metadata',
  exercised: 'a change of who refers to a device block',
  make(world) {
    /** References from data and copy-on-write forks, and among them those that may not be shared. */
    let references = new Uint16Array(0);
    let exclusive = new Uint16Array(0);
    let generation = -1;
    const changed: DeviceBlock[] = [];
    /** Looked at again when nobody lends them to a file that is not shown. */
    const lent: DeviceBlock[] = [];

    const apply = (rows: Rows, row: number, step: 1 | -1): void => {
      const code = rows.code[row]!;
      if ((code & Code.data) >= Fork.unwritten)
        refer(rows.dataBlock[row]!, step, (code & Code.data) === Fork.unwritten);
      if (cowOf(code) >= 2) refer(rows.cowBlock[row]!, step, true);
    };
    const refer = (block: DeviceBlock, step: 1 | -1, alone: boolean): void => {
      references[block]! += step;
      if (alone) exclusive[block]! += step;
      changed.push(block);
    };
    const recount = (): void => {
      const { deviceBlocks } = world.geometry;
      if (references.length < deviceBlocks) {
        references = new Uint16Array(deviceBlocks);
        exclusive = new Uint16Array(deviceBlocks);
      } else {
        references.fill(0);
        exclusive.fill(0);
      }
      generation = world.generation;
      changed.length = 0;
      for (const id of world.view.files) {
        const file = world.file(id);
        if (file.looks > 0) for (let row = 0; row < file.rows.count; row++) apply(file.rows, row, 1);
      }
    };
    const update = (file: FileTrack): void => {
      for (let i = 0; i < file.changes; i++) {
        const from = file.changedFrom[i]!;
        const to = file.changedTo[i]!;
        if (from >= 0) apply(file.previous, from, -1);
        if (to >= 0) apply(file.rows, to, 1);
      }
    };
    const judge = (): Finding | null => {
      if (generation !== world.generation) recount();
      const space = world.view.space();
      while (changed.length > 0) {
        const block = changed.pop()!;
        check.exercised++;
        const count = references[block]!;
        if (count === 0 && space.references(block) === 1 && isLending()) {
          lent.push(block);
          continue;
        }
        let fault = '';
        if (space.references(block) !== count)
          fault = `has ${space.references(block)} references, but ${count} forks refer to it`;
        else if (count > 1 && exclusive[block]! > 0)
          fault = `is shared by ${count} forks, one of them unwritten or copy-on-write`;
        else if (count > 0 && space.isMetadata(block)) fault = 'holds metadata and appears in a file map';
        if (fault !== '') return blame(block, fault);
      }
      while (lent.length > 0) changed.push(lent.pop()!);
      return null;
    };
    /** A file that nobody shows has taken free blocks, which it gives back when the call returns. */
    const isLending = (): boolean => world.calls.open.some(({ call }) => call.name === 'reuse');
    const blame = (block: DeviceBlock, fault: string): Finding => {
      const { blockSize } = world.geometry;
      const owner = ownerOf(block);
      const where = owner === null ? '' : ` (block ${owner.offset / blockSize} of file ${owner.file})`;
      return world.finding(
        'INV-14',
        owner?.file ?? 0,
        owner?.offset ?? -1,
        blockSize,
        `device block ${block}${where} ${fault}`,
      );
    };
    const ownerOf = (block: DeviceBlock): { readonly file: number; readonly offset: Bytes } | null => {
      for (const id of world.view.files) {
        const { rows } = world.file(id);
        for (let row = 0; row < rows.count; row++) {
          if (rows.dataBlock[row] === block || rows.cowBlock[row] === block)
            return { file: id, offset: rows.block[row]! * world.geometry.blockSize };
        }
      }
      return null;
    };
    const check: PropertyCheck = {
      id: 'INV-14',
      exercised: 0,
      scanned(file) {
        if (generation === world.generation) update(file);
        return null;
      },
      returned: judge,
      quiescent: judge,
    };
    return check;
  },
};

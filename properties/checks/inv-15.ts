/** INV-15 map shape: blocks with storage lie on the device, blocks without have no address (MAP-02, MAP-03). */
import { CowFork, Fork } from '../../model/contract/index.js';
import { Code, cowOf } from './engine/block-state.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv15: CheckDefinition = {
  id: 'INV-15',
  checks: 'a block with storage lies in a block of the device, one without has no address, in both forks',
  exercised: 'a block whose mapping changed',
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-15',
      exercised: 0,
      scanned(file) {
        const { deviceBlocks, blockSize } = world.geometry;
        for (let i = 0; i < file.changes; i++) {
          const row = file.changedTo[i]!;
          if (row < 0) continue;
          check.exercised++;
          const code = file.rows.code[row]!;
          const data = placed(file.rows.dataBlock[row]!, (code & Code.data) >= Fork.unwritten, deviceBlocks);
          const cow = placed(file.rows.cowBlock[row]!, cowOf(code) >= CowFork.real, deviceBlocks);
          if (data && cow) continue;
          const block = file.rows.block[row]!;
          const place = data
            ? `copy-on-write block ${file.rows.cowBlock[row]}`
            : `device block ${file.rows.dataBlock[row]}`;
          return world.finding(
            'INV-15',
            file.id,
            block * blockSize,
            blockSize,
            `block ${block} is mapped to ${place} of a device of ${deviceBlocks}`,
          );
        }
        return null;
      },
    };
    return check;
  },
};

function placed(block: number, stored: boolean, deviceBlocks: number): boolean {
  return stored ? Number.isInteger(block) && block >= 0 && block < deviceBlocks : block === -1;
}

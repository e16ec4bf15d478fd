/** INV-47 device tail: bytes behind the end reach the device as zeroes (WB-11, DIO-22). */
import type { Bytes } from '../../model/contract/index.js';
import { Is } from './engine/call-kinds.js';
import { firstNonZero } from './engine/compare.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

export const inv47: CheckDefinition = {
  id: 'INV-47',
  checks:
    'in each data write that reaches behind the end, or behind the end of its direct request, the bytes there are zero',
  exercised: 'a data write that reaches behind the end',
  silent: 'a view stored to the folio since it was taken (WB-03); while another call moves the end',
  hears: ['bio-write'],
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-47',
      exercised: 0,
      event(_kind, file, addr: Bytes, length: Bytes, offset: Bytes) {
        if (file < 0 || offset < 0) return null;
        const { calls, requests, geometry, device } = world;
        const end = Math.max(world.view.file(file).isize, requests.endOver(file, offset, geometry.blockSize));
        const bio = device?.inFlight[device.inFlight.length - 1];
        if (offset + length <= end || bio === undefined || bio.addr !== addr) return null;
        if (calls.open.length > 1 && calls.working(file, Is.sizing)) return null;
        const from = Math.max(0, end - offset);
        if (world.file(file).scribbled.overlaps(offset + from, offset + length)) return null;
        check.exercised++;
        const found = firstNonZero(bio.memory, bio.at + from, length - from);
        if (found < 0) return null;
        const at = offset + (found - bio.at);
        return world.finding(
          'INV-47',
          file,
          at,
          1,
          `byte ${at} behind the end ${end} goes to the device as ${bio.memory[found]}: ${world.describeByte(file, at, bio.memory[found]!)} (WB-11)`,
        );
      },
    };
    return check;
  },
};

/**
 * What has been written to each device block since it was allocated, and what is on its way there, from the device's own
 * events. A block is divided into at most 32 units, so its written part is one word.
 */
import type { Bytes, DeviceBlock, Errno, Geometry } from '../../../model/contract/index.js';

export class DeviceTrack {
  blockSize: Bytes = 1;
  #unit: Bytes = 1;
  /** The word of a block that was written completely. */
  whole = 0;
  /** Per device block: units written and completed since its allocation; writes in flight. */
  written = new Int32Array(0);
  inFlight = new Uint16Array(0);

  reset(geometry: Geometry): void {
    this.blockSize = geometry.blockSize;
    this.#unit = Math.max(geometry.sectorSize, geometry.blockSize / 32);
    const units = geometry.blockSize / this.#unit;
    this.whole = units === 32 ? -1 : 2 ** units - 1;
    if (this.written.length < geometry.deviceBlocks) {
      this.written = new Int32Array(geometry.deviceBlocks);
      this.inFlight = new Uint16Array(geometry.deviceBlocks);
    } else {
      this.written.fill(0);
      this.inFlight.fill(0);
    }
  }

  allocated(first: DeviceBlock, count: number): void {
    this.written.fill(0, first, first + count);
  }

  submitted(addr: Bytes, length: Bytes): void {
    const last = Math.ceil((addr + length) / this.blockSize);
    for (let block = Math.floor(addr / this.blockSize); block < last; block++) this.inFlight[block]!++;
  }

  completed(addr: Bytes, length: Bytes, status: Errno): void {
    const end = addr + length;
    const last = Math.ceil(end / this.blockSize);
    for (let block = Math.floor(addr / this.blockSize); block < last; block++) {
      if (this.inFlight[block]! > 0) this.inFlight[block]!--;
      if (status !== 0) continue;
      const base = block * this.blockSize;
      const from = Math.max(0, addr - base);
      const to = Math.min(this.blockSize, end - base);
      if (from === 0 && to === this.blockSize) this.written[block] = this.whole;
      else this.written[block]! |= units(Math.floor(from / this.#unit), Math.ceil(to / this.#unit));
    }
  }
}

/** The bits [from, to) of a word. */
function units(from: number, to: number): number {
  const high = to >= 32 ? -1 : (1 << to) - 1;
  return high & ~((1 << from) - 1);
}

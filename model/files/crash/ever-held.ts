/**
 * Which values stood at one place of any block of a file at any moment of the window: what may be found where a collapse or
 * insert moved blocks and is durable in part (CR-34). Worked out once a place, because every byte of such a file asks.
 */
import { type Bytes, DEVICE_POISON, MEMORY_POISON } from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import type { FileWindow } from './window.js';

const VALUES = 256;

export class EverHeld {
  private readonly file: FileWindow;
  private readonly block: Bytes;
  private readonly places = new Map<number, Uint8Array>();

  constructor(file: FileWindow, block: Bytes) {
    this.file = file;
    this.block = block;
  }

  /** The value stood at this place, an offset in a block, of some block at some moment. */
  has(place: number, value: number): boolean {
    let held = this.places.get(place);
    if (held === undefined) {
      held = this.collect(place);
      this.places.set(place, held);
    }
    return held[value] === 1;
  }

  private collect(place: number): Uint8Array {
    const { line, base, last } = this.file;
    const held = new Uint8Array(VALUES);
    for (let i = base; i <= last; i++)
      for (const { bytes, state } of line.moments[i]!.chunks)
        for (let k = 0; k < state.length; k++) {
          if ((state[k]! & Block.LOST) !== 0) return anything;
          if (bytes !== null) held[bytes[k * this.block + place]!] = 1;
        }
    return held;
  }
}

/** Where bytes were lost nothing is excluded but poison. */
const anything = new Uint8Array(VALUES).fill(1);
anything[DEVICE_POISON] = 0;
anything[MEMORY_POISON] = 0;

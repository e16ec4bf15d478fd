/** Sizes that are not certain after failed writeback (WB-54), and how an observation settles them. */
import type { Bytes } from '../../contract/index.js';
import { zeroBytes } from '../state/bytes.js';
import type { FileModel } from '../state/file.js';
import { mayTrim } from '../state/map.js';
import type { State } from '../state/state.js';

/** The size is `size` after all. */
export function narrowSize(state: State, file: FileModel, size: Bytes): void {
  if (size < file.size) {
    zeroBytes(file, size, file.size);
    mayTrim(state, file, state.blockUp(size), state.blockUp(file.size));
    file.size = size;
  }
  file.sizeLeast = size;
}

/** Byte ranges by file: one set for each that is asked for, kept from sequence to sequence. */
import type { FileId } from '../../../model/contract/index.js';
import { Ranges } from './ranges.js';

export class FileRanges {
  readonly #all: Ranges[] = [];

  /** Nothing is in any of them. */
  clear(): void {
    for (const ranges of this.#all) ranges.clear();
  }

  of(file: FileId): Ranges {
    while (this.#all.length <= file) this.#all.push(new Ranges());
    return this.#all[file]!;
  }
}

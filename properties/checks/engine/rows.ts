/**
 * The blocks of a file that are anything at all (mapped, reserved or cached), in order, as columns. Kept twice per file:
 * as they are and as they were when the checks looked last, so that what changed in between is known block by block.
 */
export class Rows {
  count = 0;
  block = new Float64Array(128);
  /** The state as a number (block-state.ts). */
  code = new Uint16Array(128);
  /** Device blocks of the data and the copy-on-write fork, −1 for none. */
  dataBlock = new Float64Array(128);
  cowBlock = new Float64Array(128);
  /** Where the cached bytes are in the file's memory. */
  memoryAt = new Float64Array(128);

  /** Makes room for `more` rows behind the last. */
  reserve(more: number): void {
    const needed = this.count + more;
    if (needed <= this.block.length) return;
    const room = Math.max(needed, 2 * this.block.length);
    this.block = grown(this.block, new Float64Array(room));
    this.code = grown(this.code, new Uint16Array(room));
    this.dataBlock = grown(this.dataBlock, new Float64Array(room));
    this.cowBlock = grown(this.cowBlock, new Float64Array(room));
    this.memoryAt = grown(this.memoryAt, new Float64Array(room));
  }

  /** The first row whose block is not before `block`; `count` if there is none. */
  seek(block: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.block[middle]! < block) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The row of a block, or −1. */
  find(block: number): number {
    const row = this.seek(block);
    return row < this.count && this.block[row] === block ? row : -1;
  }
}

function grown<Column extends Float64Array | Uint16Array>(old: Column, fresh: Column): Column {
  fresh.set(old);
  return fresh;
}

/** What a mounted target shows of its files, in the words of the model: sizes and extents with their device addresses. */
import { BlockTable, Fork, type Geometry, type View } from '../../model/contract/index.js';
import type { RecoveredExtent, RecoveredFile } from '../../model/files/index.js';

const table = new BlockTable();
/** Blocks looked at in one go. */
const STRIDE = 32;

export function recoveredFiles(view: View, geometry: Geometry): readonly RecoveredFile[] {
  return view.files.map(file => recoveredFile(view, geometry, file));
}

function recoveredFile(view: View, geometry: Geometry, id: number): RecoveredFile {
  const file = view.file(id);
  const { blockSize } = geometry;
  const extents: RecoveredExtent[] = [];
  // The run that is being put together: [first, first + count) at device block `block`.
  let first = 0;
  let count = 0;
  let block = 0;
  let written = false;
  const finish = (): void => {
    if (count > 0)
      extents.push({ offset: first * blockSize, length: count * blockSize, address: block * blockSize, written });
    count = 0;
  };
  for (let at = file.next(0); at >= 0; at = file.next(at)) {
    file.describe(at, STRIDE, table);
    for (let i = 0; i < STRIDE; i++) {
      const fork = table.data[i]!;
      if (fork !== Fork.unwritten && fork !== Fork.written) continue;
      const here = table.dataBlock[i]!;
      const follows = at + i === first + count && here === block + count && written === (fork === Fork.written);
      if (count === 0 || !follows) {
        finish();
        first = at + i;
        block = here;
        written = fork === Fork.written;
      }
      count++;
    }
    at += STRIDE;
  }
  finish();
  return { file: id, size: file.isize, extents };
}

/** Equal for equal recovered states. */
export function stateKey(files: readonly RecoveredFile[]): string {
  let key = '';
  for (const { file, size, extents } of files) {
    key += `${file}:${size}`;
    for (const { offset, length, address, written } of extents)
      key += `;${offset},${length},${written ? address : -1 - address}`;
  }
  return key;
}

/** What a mounted target shows of its files, in the words of the model: sizes and extents with their device addresses. */
import { BlockTable, Fork, type Geometry, type View } from '../../model/contract/index.js';
import type { RecoveredExtent, RecoveredFile } from '../../model/files/index.js';

const table = new BlockTable();
/** Blocks looked at in one go. */
const STRIDE = 256;

export function recoveredFiles(view: View, geometry: Geometry): readonly RecoveredFile[] {
  return view.files.map(file => recoveredFile(view, geometry, file));
}

function recoveredFile(view: View, geometry: Geometry, id: number): RecoveredFile {
  const file = view.file(id);
  const { blockSize } = geometry;
  const extents: RecoveredExtent[] = [];
  for (let at = file.next(0); at >= 0; at = file.next(at)) {
    file.describe(at, STRIDE, table);
    for (let i = 0; i < STRIDE; i++) {
      const fork = table.data[i]!;
      if (fork !== Fork.unwritten && fork !== Fork.written) continue;
      join(extents, {
        offset: (at + i) * blockSize,
        length: blockSize,
        address: table.dataBlock[i]! * blockSize,
        written: fork === Fork.written,
      });
    }
    at += STRIDE;
  }
  return { file: id, size: file.isize, extents };
}

function join(extents: RecoveredExtent[], next: RecoveredExtent): void {
  const last = extents.at(-1);
  const follows =
    last !== undefined &&
    last.written === next.written &&
    last.offset + last.length === next.offset &&
    last.address + last.length === next.address;
  if (follows) extents[extents.length - 1] = { ...last, length: last.length + next.length };
  else extents.push(next);
}

/** Equal for equal recovered states. */
export function stateKey(files: readonly RecoveredFile[]): string {
  return files
    .map(
      ({ file, size, extents }) =>
        `${file}:${size}:${extents.map(e => `${e.offset},${e.length},${e.address},${e.written ? 1 : 0}`).join(';')}`,
    )
    .join('|');
}

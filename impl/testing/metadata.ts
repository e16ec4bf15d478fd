/** What metadata say of every file, as text: the on-disk size and the real extents, block by block. */
import { BlockTable, Fork, type View } from '../../model/contract/index.js';

const CHUNK = 256;

export function metadataText(view: View): string {
  const table = new BlockTable();
  const lines: string[] = [];
  for (const id of view.files) {
    const file = view.file(id);
    let text = `${id}: ${file.dsize}`;
    for (let at = file.next(0); at >= 0; at = file.next(at + CHUNK)) {
      file.describe(at, CHUNK, table);
      for (let i = 0; i < CHUNK; i++) {
        const state = table.data[i]!;
        if (state >= Fork.unwritten) text += ` ${at + i}${state === Fork.written ? 'w' : 'u'}${table.dataBlock[i]}`;
      }
    }
    lines.push(text);
  }
  return lines.join('\n');
}

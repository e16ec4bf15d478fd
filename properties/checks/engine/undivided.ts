/** Folios without block state: their D bit is that of all their blocks. */
import type { Bytes, FileView, FolioView } from '../../../model/contract/index.js';

/** The folio without block state that holds the byte, or null. */
export function undivided(file: FileView, offset: Bytes): FolioView | null {
  for (const folio of file.folios)
    if (folio.pos <= offset && offset < folio.pos + folio.size) return folio.hasBlockState ? null : folio;
  return null;
}

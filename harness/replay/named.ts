/** Model and checks know files by number; people know them by the names of a trace. */
import type { Trace } from '../../traces/format/index.js';

/** The same with files called by their names. */
export function named<Told extends { readonly message: string }>(told: Told, { header }: Trace): Told {
  const message = told.message.replace(/\bfile (\d+)\b/g, (text, id: string) => header.files[Number(id)] ?? text);
  return { ...told, message };
}

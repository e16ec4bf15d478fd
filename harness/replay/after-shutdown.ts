/**
 * What a recording saw of the files after a shutdown: the reads of whole files that follow the mount. Blocks of nothing but
 * zeroes count as holes; whether they were, the recording tells only later.
 */
import type { Call, FileId } from '../../model/contract/index.js';
import type { Medium, RecoveredFile } from '../../model/files/index.js';
import type { Runs } from '../../traces/format/index.js';
import type { Question } from './session.js';

/** The contents of each file that was read from its beginning before anything changed it. */
export function contentsAfter(
  mount: Call,
  program: readonly Call[],
  recorded: (call: Call) => Question,
): ReadonlyMap<FileId, Uint8Array> {
  const seen = new Map<FileId, Uint8Array>();
  const place = program.findIndex(({ id }) => id === mount.id);
  for (const call of program.slice(place + 1)) {
    const runs = call.name === 'read' && call.offset === 0 ? recorded(call).recorded?.runs : undefined;
    if (runs !== undefined && !seen.has(call.file)) seen.set(call.file, expand(runs));
  }
  return seen;
}

function expand(runs: Runs): Uint8Array {
  const bytes = new Uint8Array(runs.reduce((sum, [, count]) => sum + count, 0));
  let at = 0;
  for (const [byte, count] of runs) {
    bytes.fill(byte, at, at + count);
    at += count;
  }
  return bytes;
}

/** The contents on a medium of their own. */
export function layOut(
  seen: ReadonlyMap<FileId, Uint8Array>,
  blockSize: number,
  sectorSize: number,
): { readonly files: readonly RecoveredFile[]; readonly medium: Medium } {
  const room = [...seen.values()].reduce((sum, bytes) => sum + bytes.length + blockSize, 0);
  const image = new Uint8Array(room);
  let address = 0;
  const files: RecoveredFile[] = [];
  for (const [file, bytes] of seen) {
    const extents: RecoveredFile['extents'][number][] = [];
    for (let offset = 0; offset < bytes.length; offset += blockSize) {
      const block = bytes.subarray(offset, offset + blockSize);
      if (!block.some(byte => byte !== 0)) continue;
      image.set(block, address);
      extents.push({ offset, length: blockSize, address, written: true });
      address += blockSize;
    }
    files.push({ file, size: bytes.length, extents, partly: true });
  }
  return { files, medium: { sectorSize, candidates: at => [{ bytes: image, at }] } };
}

import type { Bytes, Steps } from '../../model/contract/index.js';
import type { CachedInode } from './cached-inode.js';
import type { Context } from './platform.js';

/** Gives back the delayed blocks of [offset, offset + length), whole blocks; leaves everything else alone (PC-51). */
export type Punch = (offset: Bytes, length: Bytes) => void;

/**
 * The punch scan of pagecache.md section 5 over [from, to) = [W, ru(pos + length)) of MAP-44. L3 is held exclusive. Returns
 * steps only where a folio lock has to be waited for (or the task is observed):
 * `const scan = writeDelallocRelease(…); if (scan !== null) yield* scan;`
 */
export function writeDelallocRelease(
  context: Context,
  inode: CachedInode,
  from: Bytes,
  to: Bytes,
  punch: Punch,
): Steps<void> | null {
  throw new Error(`not yet ${context.task.id} ${inode.id} ${from} ${to} ${punch.name}`);
}

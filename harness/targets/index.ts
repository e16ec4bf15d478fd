/**
 * What a TARGET word means, the same everywhere one stands on the command line. So far: `impl`, our own implementation.
 */
import { implementation } from '../../impl/index.js';
import type { TargetFactory } from '../../model/contract/index.js';
import { UsageError } from '../cli/exit.js';

/** The file systems of the implementation, for `--fs` and its help. */
export const FILE_SYSTEMS: readonly string[] = Object.keys(implementation);

/** The factory that a TARGET word names. Throws UsageError for a word that names none. */
export async function targetFactory(target: string, fs: string): Promise<TargetFactory> {
  if (target !== 'impl') throw new UsageError(`--target ${target}: expected impl`);
  const factory = FILE_SYSTEMS.includes(fs) ? implementation[fs] : undefined;
  if (factory === undefined) throw new UsageError(`--fs ${fs}: expected one of ${FILE_SYSTEMS.join(', ')}`);
  return factory;
}

/**
 * The implementation: the iomap library over a page cache with large folios, and the reference file systems that use it.
 * `implementation` is what the harness asks for, by name of the file system.
 */
import type { TargetFactory } from '../model/contract/index.js';
import { xfsFactory } from './target.js';

export { xfsFactory } from './target.js';

export const implementation: Readonly<Record<string, TargetFactory>> = { xfs: xfsFactory() };

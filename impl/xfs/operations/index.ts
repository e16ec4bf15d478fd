/** Every operation of the alphabet, by name: what a target dispatches over. */
import type { OperationName } from '../../../model/contract/index.js';
import { collapse, falloc, insert, punch, unshare, zero } from './allocate.js';
import { complete, migrate, readahead, reclaim, reuse, revoke, trim, writeback } from './background.js';
import { copy, dedupe, reflink } from './clone.js';
import { dread, dwrite } from './direct.js';
import { fdatasync, fsync, sync, syncRange } from './durability.js';
import { close, dropCaches, open, remove } from './files.js';
import { mmap, msync, munmap } from './mappings.js';
import { mapread } from './mapread.js';
import { mapwrite } from './mapwrite.js';
import { remount, shutdown } from './mount.js';
import type { Operation } from './operation.js';
import { read } from './read.js';
import { fiemap, seekData, seekHole, stat } from './report.js';
import { truncate } from './truncate.js';
import { write } from './write.js';

export const xfsOperations: Readonly<Record<OperationName, Operation>> = {
  read,
  write,
  dread,
  dwrite,
  mapread,
  mapwrite,
  mmap,
  munmap,
  msync,
  truncate,
  falloc,
  punch,
  zero,
  collapse,
  insert,
  unshare,
  reflink,
  dedupe,
  copy,
  fsync,
  fdatasync,
  syncRange,
  sync,
  seekData,
  seekHole,
  fiemap,
  stat,
  open,
  close,
  dropCaches,
  remount,
  remove,
  shutdown,
  writeback,
  complete,
  reclaim,
  migrate,
  readahead,
  trim,
  revoke,
  reuse,
};

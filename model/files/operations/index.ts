/**
 * Every operation of the alphabet and what the model knows of it, by name; the one place where they are listed.
 * `shutdown` is refused: what survives it is not modelled here.
 */
import type { OperationName } from '../../contract/index.js';
import { readahead, trim } from './background.js';
import { collapse } from './collapse.js';
import { copy } from './copy.js';
import { dedupe } from './dedupe.js';
import { dread } from './dread.js';
import { dwrite } from './dwrite.js';
import { falloc } from './falloc.js';
import { fiemap } from './fiemap.js';
import { insert } from './insert.js';
import { close, dropCaches, invisible, mmap, munmap, open, remount, remove } from './lifecycle.js';
import { mapread } from './mapread.js';
import { mapwrite } from './mapwrite.js';
import { evenly, type Operation } from './operation.js';
import { punch } from './punch.js';
import { read } from './read.js';
import { reflink } from './reflink.js';
import { seekData, seekHole } from './seek.js';
import { stat } from './stat.js';
import { fdatasync, fsync, msync, sync, syncRange } from './syncs.js';
import { truncate } from './truncate.js';
import { unshare } from './unshare.js';
import { write } from './write.js';
import { zero } from './zero.js';

type Modelled = Exclude<OperationName, 'shutdown'>;

const known: Readonly<Record<Modelled, Operation>> = {
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
  writeback: invisible,
  complete: invisible,
  reclaim: invisible,
  migrate: invisible,
  readahead,
  trim,
  revoke: invisible,
  reuse: invisible,
};

export const operations = Object.fromEntries(
  Object.entries(known).map(([name, operation]) => [name, evenly(operation)]),
) as Readonly<Record<Modelled, Operation>>;

/**
 * The calls that are open: what is kept of each while others overlap it, and what it may do to them before it is answered.
 */
import {
  type Bytes,
  type Call,
  type FileId,
  type Geometry,
  LARGEST_FILE,
  LOOKING,
  type OperationName,
  roundDown,
  roundUp,
} from '../../contract/index.js';
import { cloneLength } from '../state/clone.js';
import type { FileModel } from '../state/file.js';
import type { State } from '../state/state.js';
import type { Store } from './stores.js';

/** The sizes that a file had, or could have, while a call was open. */
export interface Sizes {
  least: Bytes;
  most: Bytes;
}

export interface Open {
  call: Call;
  began: number;
  /** Another call was open at the same time; one on its file was. */
  accompanied: boolean;
  overlapped: boolean;
  /** Anything else ran while it was open, background work included. */
  disturbed: boolean;
  /** Of its file, and of its source. */
  readonly sizes: Sizes;
  readonly sourceSizes: Sizes;
  /** Its file shared blocks when it began. */
  sharing: boolean;
  /** How often sharing had ended by then, in any file. */
  endings: number;
  /** Another call set the size of its file meanwhile, or may have. */
  resized: boolean;
  /** From where on others read its file through the cache meanwhile; infinite: nowhere. */
  readFrom: Bytes;
  /** Of a sync, which is of every file: those that others worked on meanwhile. */
  readonly met: Set<FileId>;
}

/** Calls that leave the size as it is (INV-09); and those of them that also leave the map, because they write nothing back. */
const SIZE_KEEPING: ReadonlySet<OperationName> = new Set([...LOOKING, 'readahead']);
const WRITING_BACK: ReadonlySet<OperationName> = new Set(['dread', 'fiemap']);

/**
 * May the other call change what this one answers? A sync is of no file: to others it is background work, and it answers
 * nothing.
 */
export function touches(other: Call, call: Call): boolean {
  if (other.name === 'sync' || call.name === 'sync') return false;
  const keeps = SIZE_KEEPING.has(other.name) && !WRITING_BACK.has(other.name);
  return sameFile(other, call) && !(call.name === 'stat' && keeps);
}

/** Calls that fill folios and dirty them while a direct write is on its way. */
const DIRTYING: ReadonlySet<OperationName> = new Set(['write', 'mapwrite']);

/** Does the call dirty folios of [from, end) of the file, which are whole folios? */
export function dirties({ call }: Open, file: FileId, from: Bytes, end: Bytes): boolean {
  return call.file === file && DIRTYING.has(call.name) && call.offset < end && call.offset + call.length > from;
}

/** Calls that read folios from their range on; of both their files; and of any place. */
const READING: ReadonlySet<OperationName> = new Set(['read', 'readahead', 'copy', 'dedupe']);
const READING_TWO: ReadonlySet<OperationName> = new Set(['copy', 'dedupe']);
const READING_ALL: ReadonlySet<OperationName> = new Set(['mapread', 'mapwrite']);

/** The other call is answered: what this one drops from the cache of its file may be there again, or still. */
export function readBeside({ name, file, offset, fromFile, fromOffset }: Call, open: Open): void {
  const mine = open.call.file;
  if (file === mine && READING.has(name)) open.readFrom = Math.min(open.readFrom, Math.max(0, offset));
  if (fromFile === mine && READING_TWO.has(name)) open.readFrom = Math.min(open.readFrom, fromOffset);
  if (file === mine && READING_ALL.has(name)) open.readFrom = 0;
}

/** The call begins now; `into` is the record of one that ended, if there is any. */
export function openCall(state: State, asked: Call, now: number, into: Open | undefined): Open {
  const call = asked.name === 'reflink' ? { ...asked, length: cloneLength(state, asked) } : asked;
  const file = state.file(call.file);
  const open = into ?? {
    call,
    began: 0,
    accompanied: false,
    overlapped: false,
    disturbed: false,
    sizes: { least: 0, most: 0 },
    sourceSizes: { least: 0, most: 0 },
    sharing: false,
    endings: 0,
    resized: false,
    readFrom: 0,
    met: new Set(),
  };
  open.call = call;
  open.began = now;
  open.accompanied = false;
  open.overlapped = false;
  open.disturbed = false;
  open.resized = false;
  open.readFrom = Number.POSITIVE_INFINITY;
  open.met.clear();
  has(open.sizes, file);
  has(open.sourceSizes, state.file(call.fromFile));
  open.sharing = file.owned > 0;
  open.endings = state.shared.endings;
  return open;
}

/** The other call is open as well: it stores in its files, or reads them. */
export function meets({ call, met }: Open, { file, fromFile }: Call): void {
  if (call.name === 'sync') met.add(file).add(fromFile);
}

function has(sizes: Sizes, { size, sizeLeast }: FileModel): void {
  sizes.least = sizeLeast;
  sizes.most = size;
}

/** The file has another size now, and the open call may have met both. */
export function resizedTo(size: Bytes, file: FileId, { call, sizes, sourceSizes }: Open): void {
  if (call.file === file) meet(sizes, size, size);
  if (call.fromFile === file) meet(sourceSizes, size, size);
}

function meet(sizes: Sizes, least: Bytes, most: Bytes): void {
  sizes.least = Math.min(sizes.least, least);
  sizes.most = Math.max(sizes.most, most);
}

/**
 * The direct write has been answered, but not this store through the cache that overlapped it: a folio that it reads or
 * dirties may hide the write (INV-31, DIO-82).
 */
export function mayHide(
  { call, began }: Open,
  store: Store,
  offset: Bytes,
  { maxFolioSize: folio }: Geometry,
): boolean {
  if (call.file !== store.file || began > store.ended || !DIRTYING.has(call.name)) return false;
  return offset >= roundDown(call.offset, folio) && offset < roundUp(call.offset + call.length, folio);
}

function sameFile(one: Call, other: Call): boolean {
  return one.file === other.file || one.fromFile === other.file || one.file === other.fromFile;
}

/** The end of the file, or a nearer one that a call in progress may have made already. */
export function nearestEnd({ id, size }: FileModel, open: readonly Open[]): Bytes {
  let nearest = size;
  for (const { call } of open) {
    if (call.file !== id) continue;
    if (call.name === 'truncate') nearest = Math.min(nearest, call.size);
    else if (call.name === 'collapse') nearest = Math.min(nearest, Math.max(0, size - call.length));
  }
  return nearest;
}

/** Sizes that an open call may have given, or may give, its file, which is that of the judged call, or its source. */
export function widen(state: State, { call, sizes, sourceSizes }: Open, other: Call): void {
  if (!touches(other, call) || SIZE_KEEPING.has(other.name)) return;
  const { size } = state.file(other.file);
  if (other.file === call.file) widenBy(sizes, size, other);
  if (other.file === call.fromFile) widenBy(sourceSizes, size, other);
}

/** The call comes upon any of these sizes, or the one that the file has now. */
function widenBy(sizes: Sizes, now: Bytes, { name, offset, length, size }: Call): void {
  meet(sizes, now, now);
  const { least, most } = sizes;
  if (name === 'truncate') meet(sizes, size, size);
  else if (name === 'insert') meet(sizes, least, Math.min(LARGEST_FILE, most + length));
  else if (name === 'collapse') meet(sizes, Math.max(0, least - length), most);
  // A report may ask for more than any file holds.
  else meet(sizes, least, Math.min(LARGEST_FILE, offset + length));
}

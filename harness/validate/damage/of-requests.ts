/** Damages of direct requests, of writeback and its completion, and of the cache. */
import { MapFlag, MapType } from '../../../model/contract/mapping.js';
import { NULL_ADDR } from '../../../model/contract/units.js';
import type { Damage } from './damage.js';
import { removed, twice, withDecimal, withHex, withType } from './edit.js';
import type { Place, Recording } from './recording.js';

/** A marker between steps follows: what a step called for has returned by then. */
const stepEnds = ({ at }: Place, { places }: Recording): boolean =>
  places.some(place => place.at > at && place.event.kind === 'marker');

/** The same task called fsync of the file before, in the same step, so the completion was waited for. */
const isSynced = ({ at, event }: Place, { places }: Recording): boolean => {
  const before = places.filter(place => place.at < at);
  const step = before.findLast(place => place.event.kind === 'marker')?.at ?? -1;
  return before.some(p => p.at > step && p.event.name === 'xfs_file_fsync' && p.event.ino === event.ino);
};

/** No operation of the step so far changes sizes: inside one the size on disk may be ahead (INV-44). */
const isSizeQuiet = (at: number, { places }: Recording): boolean => {
  const before = places.filter(place => place.at < at);
  const step = before.findLast(place => place.event.kind === 'marker')?.at ?? -1;
  return !before.some(p => p.at > step && SIZES.test(p.text));
};
const SIZES =
  /iomap_zero_iter|flags ZERO|_zero_eof|_file_space|itruncate|invalidate_folio|xfs_reflink_(?:remap|update|unshare|set)/;

/** Part of the completion of a direct write: its task said so just before. */
const isDirect = ({ event, previous }: Place): boolean =>
  previous?.name === 'xfs_end_io_direct_write' && previous.ino === event.ino;

/** Behind whatever a recording stores. */
const FAR = 2 ** 40;

export const requestDamages: readonly Damage[] = [
  {
    name: 'size grown while a request stayed below it',
    because: 'INV-35',
    apply: ({ at, event, text, begun }, recording) =>
      recording.fs === 'xfs' &&
      event.kind === 'dioQueued' &&
      begun?.ino === event.ino &&
      begun.offset + begun.length <= begun.size &&
      isSizeQuiet(at, recording)
        ? withHex(text, 'size', event.size + FAR)
        : null,
  },
  {
    name: 'direct request without completion',
    because: 'INV-50',
    apply: (place, recording) => (place.event.kind === 'dioComplete' && stepEnds(place, recording) ? removed : null),
  },
  {
    name: 'direct request completed twice',
    because: 'INV-50',
    apply: ({ event, text }) => (event.kind === 'dioComplete' && !event.aio ? twice(text) : null),
  },
  {
    name: 'direct request without begin',
    because: 'DIO-09',
    apply: ({ event, next }) => (event.kind === 'dioBegin' && next?.kind === 'iter' ? removed : null),
  },
  {
    name: 'direct request elsewhere',
    because: 'DIO-03',
    apply: ({ event, text, next }) =>
      event.kind === 'dioBegin' && next?.kind === 'iter' ? withHex(text, 'offset', event.offset + 512) : null,
  },
  {
    name: 'direct request of another length',
    because: 'DIO-46',
    apply: ({ event, text, next }) =>
      event.kind === 'dioBegin' && next?.kind === 'iter' && next.pos > 0
        ? withHex(text, 'length', event.length + 512)
        : null,
  },
  {
    name: 'more returned than transferred',
    because: 'DIO-46',
    apply: ({ event, text }) =>
      event.kind === 'dioComplete' && event.ret > 0 ? withDecimal(text, 'ret', event.ret + 512) : null,
  },
  {
    name: 'error and a count',
    because: 'INV-51',
    apply: ({ event, text }) => (event.kind === 'dioComplete' && event.ret > 0 ? withDecimal(text, 'error', -5) : null),
  },
  {
    name: 'completion at another position',
    because: 'DIO-44',
    apply: ({ event, text }) =>
      event.kind === 'dioComplete' && event.ret > 0 ? withHex(text, 'offset', event.offset + 512) : null,
  },
  {
    name: 'queued elsewhere',
    because: 'DIO-40',
    apply: ({ event, text }) => (event.kind === 'dioQueued' ? withHex(text, 'offset', event.offset + 512) : null),
  },
  {
    name: 'direct write without its end',
    because: 'DIO-41',
    apply: ({ event, next }) =>
      event.name === 'xfs_end_io_direct_write' && next?.kind === 'dioComplete' && next.ret > 0 ? removed : null,
  },
  {
    name: 'direct write not converted or remapped',
    because: 'INV-42, INV-43',
    apply: place =>
      (place.event.name === 'xfs_unwritten_convert' || place.event.name === 'xfs_reflink_end_cow') && isDirect(place)
        ? removed
        : null,
  },
  {
    name: 'direct write converted twice',
    because: 'WB-51',
    apply: place => (place.event.name === 'xfs_unwritten_convert' && isDirect(place) ? twice(place.text) : null),
  },
  {
    name: 'direct write converted elsewhere',
    because: 'WB-51',
    apply: place =>
      place.event.kind === 'xfsFile' && place.event.name === 'xfs_unwritten_convert' && isDirect(place)
        ? withHex(place.text, 'bytecount', place.event.count + 512)
        : null,
  },
  {
    name: 'writeback not converted or remapped',
    because: 'WB-50: fsync has returned',
    apply: (place, recording) =>
      (place.event.name === 'xfs_unwritten_convert' || place.event.name === 'xfs_reflink_end_cow') &&
      !isDirect(place) &&
      isSynced(place, recording)
        ? removed
        : null,
  },
  {
    name: 'writeback converted twice',
    because: 'INV-42',
    apply: place =>
      (place.event.name === 'xfs_unwritten_convert' || place.event.name === 'xfs_reflink_end_cow') && !isDirect(place)
        ? twice(place.text)
        : null,
  },
  {
    name: 'converted more than was written',
    because: 'WB-51',
    apply: (place, { block }) =>
      place.event.kind === 'xfsFile' && place.event.name === 'xfs_unwritten_convert' && !isDirect(place)
        ? withHex(place.text, 'bytecount', place.event.count + 4096 * block)
        : null,
  },
  {
    name: 'size on disk ahead of memory',
    because: 'INV-44',
    apply: ({ event, text, at }, recording) =>
      event.kind === 'xfsFile' &&
      isSizeQuiet(at, recording) &&
      event.isize >= 0 &&
      event.name !== 'xfs_zero_eof' &&
      !event.name.startsWith('xfs_reflink_remap') &&
      event.name !== 'xfs_reflink_unshare'
        ? withHex(text, 'disize', event.isize + 1)
        : null,
  },
  {
    name: 'piece outside its folio',
    because: 'WB-80',
    apply: ({ event, text, taken }) =>
      event.kind === 'piece' && taken !== null ? withHex(text, 'pos', taken.offset + taken.length) : null,
  },
  {
    name: 'piece longer than its folio',
    because: 'WB-80',
    apply: ({ event, text, taken }) =>
      event.kind === 'piece' && taken !== null
        ? [
            text.replace(
              / dirty len 0x[0-9a-f]+/,
              ` dirty len 0x${(taken.offset + taken.length - event.pos + 512).toString(16)}`,
            ),
          ]
        : null,
  },
  {
    name: 'piece outside its mapping',
    because: 'WB-82',
    apply: ({ event, text }, { block }) =>
      event.kind === 'piece' ? withHex(text, 'offset', event.pos - (event.pos % block) + block) : null,
  },
  {
    name: 'piece written to a hole',
    because: 'WB-14',
    apply: ({ event, text }) => (event.kind === 'piece' ? withType(text, MapType.HOLE) : null),
  },
  {
    name: 'piece written to delayed space',
    because: 'WB-14',
    apply: ({ event, text }) => (event.kind === 'piece' ? withType(text, MapType.DELALLOC) : null),
  },
  {
    name: 'piece mapped twice',
    because: 'WB-81',
    apply: ({ event, text }) => (event.kind === 'piece' && event.dirtyLength > 0 ? twice(text) : null),
  },
  {
    name: 'extent looked up and not written to',
    because: 'WB-12: a piece follows every lookup',
    apply: ({ event, previous, next }) =>
      event.kind === 'piece' &&
      previous?.kind === 'xfsExtent' &&
      (next?.kind === 'writebackFolio' || next?.name.startsWith('xfs_map_blocks_') === true)
        ? removed
        : null,
  },
  {
    name: 'folio not taken',
    because: 'WB-82',
    apply: ({ event, next, taken }) =>
      event.kind === 'writebackFolio' &&
      next !== null &&
      (next.kind === 'piece' || next.kind === 'xfsExtent') &&
      taken === null
        ? removed
        : null,
  },
  {
    name: 'crooked folio',
    because: 'a folio is naturally aligned',
    apply: ({ event, text }) =>
      event.kind === 'writebackFolio' || event.kind === 'releaseFolio'
        ? withHex(text, 'offset', event.offset + 512)
        : null,
  },
  {
    name: 'folio added twice',
    because: 'one folio for a page',
    apply: ({ event, text }) => (event.kind === 'cacheAdd' ? twice(text) : null),
  },
  {
    name: 'folio removed twice',
    because: 'no folio for a page',
    apply: ({ event, text }) => (event.kind === 'cacheDelete' ? twice(text) : null),
  },
  {
    name: 'crooked order',
    because: 'a folio is naturally aligned',
    apply: ({ event, text }) =>
      (event.kind === 'cacheAdd' || event.kind === 'cacheDelete') && event.offset % (8192 * 2 ** event.order) !== 0
        ? [text.replace(/order=\d+/, `order=${event.order + 1}`)]
        : null,
  },
  {
    name: 'time goes back',
    because: 'a snapshot is in order of time',
    apply: ({ event, text, at }, { places }) =>
      places[0]!.at < at ? [text.replace(event.time.toFixed(6), (event.time - 100).toFixed(6))] : null,
  },
  {
    name: 'address moved between two reports',
    because: 'INV-15: nothing but reports came between',
    apply: (place, recording) =>
      isSeenAgain(place, recording) ? withHex(place.text, 'addr', moved(place, recording)) : null,
  },
  {
    name: 'blocks gone between two reports',
    because: 'INV-15: nothing but reports came between',
    apply: (place, recording) => (isSeenAgain(place, recording) ? withType(place.text, MapType.HOLE) : null),
  },
];

/** Where nothing of the recording lies. */
function moved({ event }: Place, { block }: Recording): number {
  return event.kind === 'dstmap' ? event.addr + 1024 * block : 0;
}

/** The place repeats a report of written blocks, and only reports were made since. */
function isSeenAgain({ event, at, asked }: Place, { places }: Recording): boolean {
  if (event.kind !== 'dstmap' || event.type !== MapType.MAPPED || event.addr === NULL_ADDR) return false;
  if (asked === null || asked.flags !== 4 || (event.flags & MapFlag.SHARED) !== 0) return false;
  const before = places.filter(
    place => place.at < at && place.event.ino === event.ino && place.event.kind !== 'marker',
  );
  const other = before.findLast(
    place => !REPORTS.has(place.event.kind) || (place.event.kind === 'iter' && place.event.flags !== 4),
  );
  return before.some(
    place =>
      place.at > (other?.at ?? -1) &&
      place.event.kind === 'dstmap' &&
      place.event.addr === event.addr &&
      place.event.offset === event.offset &&
      place.event.length === event.length,
  );
}

const REPORTS = new Set(['iter', 'dstmap', 'xfsExtent']);

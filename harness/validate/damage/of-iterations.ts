/** Damages of iterations: what follows what, positions and lengths, flags, callers, sources, staleness. */
import { MapFlag, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { Damage } from './damage.js';
import { removed, twice, withFlag, withHex, withoutFlag, withType } from './edit.js';
import type { Place } from './recording.js';

/** The step that ends a mapping: the same operation asked before, and was given one. */
const ends = ({ event, asked, given }: Place): boolean =>
  event.kind === 'iter' && given !== null && asked !== null && asked.ino === event.ino && asked.caller === event.caller;

export const iterationDamages: readonly Damage[] = [
  {
    name: 'mapping left out',
    because: 'INV-04: the next step has no mapping to end',
    apply: ({ event, next }) =>
      event.kind === 'dstmap' && next?.kind === 'iter' && next.pos > 0 && next.length === 0 ? removed : null,
  },
  {
    name: 'mapping given twice',
    because: 'INV-04',
    apply: ({ event, text, next }) => (event.kind === 'dstmap' && next?.kind !== 'srcmap' ? twice(text) : null),
  },
  {
    name: 'question left out',
    because: 'INV-04: a mapping nobody asked for',
    apply: ({ event, next, given, previous }) =>
      event.kind === 'iter' &&
      (next?.kind === 'dstmap' || next?.kind === 'xfsExtent') &&
      given === null &&
      previous !== null
        ? removed
        : null,
  },
  {
    name: 'end asked twice',
    because: 'INV-04: a first call of length 0 behind position 0',
    apply: place =>
      ends(place) &&
      place.event.kind === 'iter' &&
      place.event.pos > 0 &&
      place.event.length === 0 &&
      place.next?.kind !== 'dstmap' &&
      place.next?.kind !== 'xfsExtent'
        ? twice(place.text)
        : null,
  },
  {
    name: 'position goes back',
    because: 'INV-05',
    apply: place =>
      ends(place) && place.asked !== null && place.asked.pos >= 512
        ? withHex(place.text, 'pos', place.asked.pos - 512)
        : null,
  },
  {
    name: 'position behind the mapping',
    because: 'MAP-63',
    apply: ({ event, text, asked, given }) =>
      event.kind === 'iter' && given !== null && asked?.caller === event.caller && Number.isFinite(given.length)
        ? withHex(text, 'pos', given.offset + given.length + 512)
        : null,
  },
  {
    name: 'more left than the mapping has',
    because: 'MAP-41',
    apply: ({ event, text, asked, given }) =>
      event.kind === 'iter' && given !== null && asked?.caller === event.caller && Number.isFinite(given.length)
        ? withHex(text, 'length', Math.max(0, given.offset + given.length - event.pos) + 512)
        : null,
  },
  {
    name: 'OVERWRITE_ONLY without DIRECT',
    because: 'MAP-31',
    apply: ({ event, text }) =>
      event.kind === 'iter' && (event.flags & OpFlag.DIRECT) === 0 ? withFlag(text, 'OVERWRITE_ONLY', 6) : null,
  },
  {
    name: 'WRITE in a report',
    because: 'MAP-11',
    apply: ({ event, text }) =>
      event.kind === 'iter' && (event.flags & OpFlag.REPORT) !== 0 ? withFlag(text, 'WRITE', 0) : null,
  },
  {
    name: 'write without WRITE',
    because: 'mapping.md 1.3',
    apply: ({ event, text }) =>
      event.kind === 'iter' && event.caller === 'iomap_file_buffered_write' ? withoutFlag(text, 'WRITE', 0) : null,
  },
  {
    name: 'operations of another file system',
    because: 'one device, one file system',
    apply: ({ event, text }, { fs }) =>
      event.kind === 'iter'
        ? [text.replace(/ ops \w+/, fs === 'btrfs' ? ' ops xfs_read_iomap_ops' : ' ops btrfs_dio_iomap_ops')]
        : null,
  },
  {
    name: 'reading operations for a writer',
    because: 'MAP-11',
    apply: ({ event, text }) =>
      event.kind === 'iter' && (event.flags & (OpFlag.WRITE | OpFlag.ZERO)) !== 0 && event.ops.startsWith('xfs_')
        ? [text.replace(/ ops \w+/, ' ops xfs_read_iomap_ops')]
        : null,
  },
  {
    name: 'another caller',
    because: 'mapping.md 1.3',
    apply: ({ event, text }) =>
      event.kind === 'iter'
        ? [
            text.replace(
              / caller \w+/,
              (event.flags & OpFlag.REPORT) !== 0 ? ' caller iomap_readahead' : ' caller iomap_fiemap',
            ),
          ]
        : null,
  },
  {
    name: 'error in a first call',
    because: 'MAP-61',
    apply: ({ event, text, given }) =>
      event.kind === 'iter' && given === null ? [text.replace(' status 0 ', ' status -5 ')] : null,
  },
  {
    name: 'target of a copy not SHARED',
    because: 'MAP-23',
    apply: ({ event, text, next }) =>
      event.kind === 'dstmap' && next?.kind === 'srcmap' && (event.flags & MapFlag.SHARED) !== 0
        ? withoutFlag(text, 'SHARED', 2)
        : null,
  },
  {
    name: 'hole as source',
    because: 'mapping.md 2',
    apply: ({ event, text }) => (event.kind === 'srcmap' ? withType(text, MapType.HOLE) : null),
  },
  {
    name: 'source behind the position',
    because: 'MAP-01',
    apply: ({ event, text, asked }, { block }) =>
      event.kind === 'srcmap' && asked !== null
        ? withHex(text, 'offset', asked.pos - (asked.pos % block) + block)
        : null,
  },
  {
    name: 'source is the target',
    because: 'MAP-23',
    apply: ({ event, text, given }) =>
      event.kind === 'srcmap' && given !== null && given.addr >= 0
        ? withHex(text, 'addr', given.addr + event.offset - given.offset)
        : null,
  },
  {
    name: 'source before its target',
    because: 'INV-04',
    apply: ({ event, next }) => (event.kind === 'dstmap' && next?.kind === 'srcmap' ? removed : null),
  },
  {
    name: 'fresh mapping called stale',
    because: 'MAP-51',
    apply: ({ event, text }) => (event.kind === 'xfsInvalid' ? withHex(text, 'validity_cookie', event.sequence) : null),
  },
  {
    name: 'another mapping called stale',
    because: 'MAP-53',
    apply: ({ event, text }, { block }) =>
      event.kind === 'xfsInvalid' ? withHex(text, 'addr', event.addr + block) : null,
  },
  {
    name: 'allocated and not NEW',
    because: 'MAP-20',
    apply: ({ event, text, previous }) =>
      event.kind === 'dstmap' && previous?.name === 'xfs_iomap_alloc' ? withoutFlag(text, 'NEW', 0) : null,
  },
  {
    name: 'found and NEW',
    because: 'MAP-20',
    apply: ({ event, text, previous, asked }) =>
      event.kind === 'dstmap' && previous?.name === 'xfs_iomap_found' && ((asked?.flags ?? 0) & OpFlag.WRITE) !== 0
        ? withFlag(text, 'NEW', 0)
        : null,
  },
  {
    name: 'zeroing leaves its mapping',
    because: 'PC-70',
    apply: ({ event, text, given }) =>
      event.kind === 'zeroPiece' && given !== null
        ? withHex(text, 'length', given.offset + given.length - event.offset + 512)
        : null,
  },
  {
    name: 'more pages announced than read',
    because: 'PC-20',
    apply: ({ event, text, next }) =>
      event.kind === 'read' && event.name === 'iomap_readahead' && next?.kind === 'iter' && next.pos > 0
        ? [text.replace(/nr_pages (\d+)/, (_all, pages: string) => `nr_pages ${Number(pages) + 1}`)]
        : null,
  },
];

/** Damages of single mappings: range, type, address, flags. */
import { MapFlag, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import { NULL_ADDR } from '../../../model/contract/units.js';
import type { Damage } from './damage.js';
import { withFlag, withHex, withoutAddress, withType } from './edit.js';
import type { Place } from './recording.js';

const { HOLE, DELALLOC, MAPPED, UNWRITTEN, INLINE } = MapType;
const blocked = (fs: string): boolean => fs === 'xfs' || fs === 'ext4';
const flagsOf = (place: Place): number => place.asked?.flags ?? 0;

export const mappingDamages: readonly Damage[] = [
  {
    name: 'mapping behind the position',
    because: 'MAP-01',
    apply: ({ event, text, asked }, { block }) =>
      event.kind === 'dstmap' && asked !== null && event.length > block && Number.isFinite(event.length)
        ? withHex(text, 'offset', asked.pos - (asked.pos % block) + block)
        : null,
  },
  {
    name: 'mapping before the position',
    because: 'MAP-01',
    apply: ({ event, text, asked }) =>
      event.kind === 'dstmap' && asked !== null && asked.pos > event.offset && Number.isFinite(event.length)
        ? withHex(text, 'length', asked.pos - event.offset)
        : null,
  },
  {
    name: 'empty mapping',
    because: 'MAP-02',
    apply: ({ event, text }) =>
      event.kind === 'dstmap' || event.kind === 'srcmap' || event.kind === 'piece' ? withHex(text, 'length', 0) : null,
  },
  {
    name: 'hole for a writer',
    because: 'MAP-05',
    apply: place =>
      place.event.kind === 'dstmap' &&
      place.event.type !== HOLE &&
      (flagsOf(place) & OpFlag.WRITE) !== 0 &&
      (flagsOf(place) & OpFlag.UNSHARE) === 0
        ? withType(place.text, HOLE)
        : null,
  },
  {
    name: 'delayed space for a direct write',
    because: 'MAP-09',
    apply: place =>
      place.event.kind === 'dstmap' && (flagsOf(place) & 0x11) === 0x11 ? withType(place.text, DELALLOC) : null,
  },
  {
    name: 'storage without address',
    because: 'MAP-07',
    apply: ({ event, text }) =>
      (event.kind === 'dstmap' || event.kind === 'srcmap' || event.kind === 'piece') &&
      (event.type === MAPPED || event.type === UNWRITTEN) &&
      (event.flags & MapFlag.SHARED) === 0
        ? withoutAddress(text)
        : null,
  },
  {
    name: 'address without storage',
    because: 'MAP-06',
    apply: ({ event, text }, { block }) =>
      (event.kind === 'dstmap' || event.kind === 'srcmap') && event.addr === NULL_ADDR
        ? [text.replace(/ addr 0x[0-9a-f]+/, ` addr 0x${(block * 100).toString(16)}`)]
        : null,
  },
  {
    name: 'crooked address',
    because: 'MAP-03',
    apply: ({ event, text }, { fs, block }) =>
      (event.kind === 'dstmap' || event.kind === 'srcmap' || event.kind === 'piece') &&
      blocked(fs) &&
      event.addr !== NULL_ADDR &&
      event.type !== INLINE
        ? withHex(text, 'addr', event.addr + block / 2)
        : null,
  },
  {
    name: 'crooked length',
    because: 'MAP-03',
    apply: ({ event, text }, { fs, block }) =>
      (event.kind === 'dstmap' || event.kind === 'srcmap' || event.kind === 'piece') &&
      blocked(fs) &&
      Number.isFinite(event.length)
        ? withHex(text, 'length', event.length + block / 2)
        : null,
  },
  {
    name: 'NEW for a reader',
    because: 'MAP-11',
    apply: place =>
      place.event.kind === 'dstmap' && (flagsOf(place) & (OpFlag.WRITE | OpFlag.ZERO)) === 0
        ? withFlag(place.text, 'NEW', 0)
        : null,
  },
  {
    name: 'STALE from begin',
    because: 'MAP-13',
    apply: ({ event, text }) =>
      event.kind === 'dstmap' || event.kind === 'srcmap' ? withFlag(text, 'STALE', 15) : null,
  },
  {
    name: 'shared hole',
    because: 'MAP-24',
    apply: ({ event, text }) => (event.kind === 'dstmap' && event.type === HOLE ? withFlag(text, 'SHARED', 2) : null),
  },
  {
    name: 'source on another device',
    because: 'MAP-07',
    apply: ({ event, text, previous }, { fs }) =>
      event.kind === 'srcmap' && blocked(fs) && previous?.kind === 'dstmap' && previous.ino === event.ino
        ? [text.replace(/ bdev \d+:\d+/, ' bdev 9:9')]
        : null,
  },
  {
    name: 'wrong name of a type',
    because: 'mapping.md 1.1',
    apply: ({ event, text }) =>
      event.kind === 'dstmap' || event.kind === 'srcmap' || event.kind === 'piece'
        ? [text.replace(/ type \S+ /, event.type === MAPPED ? ' type UNWRITTEN ' : ' type MAPPED ')]
        : null,
  },
  {
    name: 'wrong number of flags',
    because: 'mapping.md 1.2',
    apply: ({ event, text }) =>
      event.kind === 'dstmap' || event.kind === 'srcmap' || event.kind === 'piece'
        ? [text.replace(/ \(0x[0-9a-f]+\)$/, (event.flags & MapFlag.SHARED) === 0 ? ' (0x7)' : ' (0x0)')]
        : null,
  },
  {
    name: 'mapping of another file',
    because: 'INV-04',
    apply: ({ event, text }) =>
      event.kind === 'dstmap' || event.kind === 'srcmap' ? withHex(text, 'ino', event.ino + 1) : null,
  },
  {
    name: 'inline data on XFS',
    because: 'filesystems.md 1.1',
    apply: (place, { fs }) =>
      fs === 'xfs' && place.event.kind === 'dstmap' && (flagsOf(place) & OpFlag.REPORT) === 0
        ? withType(place.text, INLINE)
        : null,
  },
  {
    name: 'block of a hole',
    because: 'FS-X1, MAP-50',
    apply: ({ event, text, previous }) =>
      event.kind === 'dstmap' && event.type === HOLE && previous?.kind === 'xfsExtent'
        ? [text.replace(' type HOLE (0x0)', ' type MAPPED (0x2)').replace(/ addr 0x[0-9a-f]+/, ' addr 0x4000000')]
        : null,
  },
  {
    name: 'other blocks than XFS found',
    because: 'FS-X1, MAP-50',
    apply: ({ event, text, previous }, { block }) =>
      event.kind === 'dstmap' &&
      event.addr !== NULL_ADDR &&
      previous?.kind === 'xfsExtent' &&
      previous.name.startsWith('xfs_iomap')
        ? withHex(text, 'addr', event.addr + block)
        : null,
  },
  {
    name: 'longer than XFS found',
    because: 'FS-X1, MAP-50',
    apply: ({ event, text, previous }, { block }) =>
      event.kind === 'dstmap' &&
      previous?.kind === 'xfsExtent' &&
      previous.name.startsWith('xfs_iomap') &&
      Number.isFinite(event.length)
        ? withHex(text, 'length', event.length + block)
        : null,
  },
];

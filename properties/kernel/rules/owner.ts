/**
 * INV-14, MAP-23, MAP-24: a block belongs to one place of one file, unless it is shared, and an operation that looks for
 * sharing (report, write) says so. A read does not look, so two reads decide nothing where blocks can be shared at all.
 * Only as long as the first place is known to be still there.
 */
import type { MappingEvent, PieceEvent } from '../../../model/contract/kernel-event.js';
import { MapFlag, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import { isMapKnown } from '../file-maps.js';
import { RangeMap } from '../ranges.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';
import { MOST_DEVICES } from '../world.js';

interface Owner {
  readonly ino: number;
  readonly base: number;
  readonly isShared: boolean;
  readonly since: MappingEvent | PieceEvent;
}

export const owner: KernelRule = {
  id: 'K-OWNER',
  sentence: 'A block address lies in two places only if it is SHARED.',
  sources: ['MAP-23', 'MAP-24', 'INV-14', 'INV-41'],
  exercised: 'a mapping showed storage whose owner was known',
  lines: 2,
  watch(world, judge) {
    const devices = new Map<string, RangeMap<Owner>>();
    const check = (event: MappingEvent | PieceEvent): undefined => {
      const { device, maps } = world;
      if (event.type !== MapType.MAPPED && event.type !== MapType.UNWRITTEN) return;
      if (!isMapKnown(device) || device.fs === 'erofs' || !Number.isFinite(event.addr) || event.addr < 0)
        return judge.undecided();
      const file = maps.of(event.dev, event.ino);
      if (file.changing.size > 0) return judge.undecided();
      const { bdev } = event;
      let owners = devices.get(bdev);
      if (owners === undefined) {
        if (devices.size >= MOST_DEVICES) devices.clear();
        devices.set(bdev, (owners = new RangeMap()));
      }
      const top = world.task.open.at(-1);
      const asked = event.kind === 'piece' ? OpFlag.WRITE : (top?.first.flags ?? 0);
      const looks =
        (asked & (OpFlag.WRITE | OpFlag.REPORT)) !== 0 &&
        event.kind !== 'srcmap' &&
        top?.first.caller.startsWith('iomap_seek') !== true;
      const isShared = (event.flags & MapFlag.SHARED) !== 0;
      const isCow = isShared && (asked & OpFlag.REPORT) === 0;
      const base = event.addr - event.offset;
      const end = event.addr + event.length;
      // Writeback looks up the extent without looking for sharing; only what is dirty of it is known not to be shared.
      const isPiece = event.kind === 'piece';
      const first = isPiece ? event.pos + base : event.addr;
      const last = isPiece ? Math.min(end, first + event.dirtyLength) : end;
      let known = false;
      for (const { start, end: stop, value } of owners.overlapping(first, last)) {
        if (value.ino === event.ino && value.base === base) {
          known = true;
          continue;
        }
        const from = Math.max(start, first);
        const upTo = Math.min(stop, last);
        const there = maps.of(event.dev, value.ino);
        const still = there.data.at(from - value.base);
        const sure =
          there.changing.size === 0 &&
          still !== undefined &&
          still.value.base === value.base &&
          (still.value.type === MapType.MAPPED || still.value.type === MapType.UNWRITTEN);
        if (!sure) continue;
        known = true;
        const mayShare = device.fs === 'xfs' && (isShared || maps.sharing.has(event.dev));
        // What a writer sees as private, or as the target of its copy, is nobody else\u2019s; a report would say SHARED.
        const wrong =
          device.fs === 'ext4' || isCow || (looks && !isShared) || (!mayShare && (looks || still.value.alone));
        if (wrong) {
          return judge.broken(
            event,
            `${hex(from)} to ${hex(upTo)} is block ${value.ino === event.ino ? `${hex(from - value.base)} of this file` : `${hex(from - value.base)} of inode ${hex(value.ino)}`}`,
            value.since,
          );
        }
      }
      if (!isCow && event.kind !== 'piece')
        owners.set(event.addr, end, { ino: event.ino, base, isShared, since: event });
      return known ? judge.held() : undefined;
    };
    return { dstmap: check, srcmap: check, piece: check };
  },
};

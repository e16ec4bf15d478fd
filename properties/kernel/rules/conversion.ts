/**
 * WB-50, WB-51, WB-52, INV-42, INV-43, both ways, where XFS shows its completions. Unwritten blocks that writeback wrote
 * are converted, copy-on-write blocks remapped, and nothing else is. It has happened when something needs the end of
 * writeback: the folio is written again, cut or dropped, or the sync that wrote it returned (its task goes on, or the next
 * step begins; what a sync waits for is the business of `syncing.ts`). Where the device failed nothing has to be converted.
 */
import type { KernelEvent, MappingEvent, PieceEvent, XfsFileEvent } from '../../../model/contract/kernel-event.js';
import { MapFlag, MapType } from '../../../model/contract/mapping.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

interface Pending {
  readonly piece: PieceEvent;
  readonly start: number;
  /** End of what was mapped, in whole blocks; completion may be cut at the size of the file. */
  readonly end: number;
  readonly shared: boolean;
  /**
   * What shows that the sync that wrote it has returned. If its completion follows all the same, the sync was another
   * call’s, which waits for nothing.
   */
  synced: KernelEvent | null;
}

interface Accused {
  /** What shows that it is over, and why. */
  readonly event: KernelEvent;
  readonly why: string;
  readonly pending: Pending;
}

const MOST_PENDING = 1 << 12;
const MOST_FILES = 1 << 12;

export const conversion: KernelRule = {
  id: 'K-CONVERT',
  sentence:
    'What writeback wrote to unwritten or copy-on-write blocks, and only that, is converted or remapped before writeback ends.',
  sources: ['WB-50', 'WB-51', 'WB-52', 'WB-61', 'INV-42', 'INV-43', 'INV-77'],
  exercised: 'blocks were converted or remapped, or had to be',
  lines: 2,
  watch(world, judge) {
    const files = new Map<string, Pending[]>();
    /** What was over and still pending, by file. It is said at the end: only then is it known whether the device failed. */
    const accused = new Map<string, Accused[]>();
    let accusations = 0;
    const keyOf = (event: KernelEvent): string => `${event.dev} ${event.ino}`;

    /** Something shows that writeback of `late` is over, and it is still pending. */
    const accuseAll = (event: KernelEvent, key: string, late: readonly Pending[], why: string): undefined => {
      if (late.length === 0) return;
      files.set(
        key,
        files.get(key)!.filter(p => !late.includes(p)),
      );
      if (accusations >= MOST_PENDING) return judge.undecided();
      const list = accused.get(key) ?? [];
      accused.set(key, list);
      for (const pending of late) list.push({ event, pending, why });
      accusations += late.length;
      return undefined;
    };
    /** Blocks that are still shown as unwritten say that their writeback failed. */
    const seen = (event: MappingEvent | PieceEvent): void => {
      if (event.type !== MapType.UNWRITTEN || (event.flags & MapFlag.SHARED) !== 0) return;
      const key = keyOf(event);
      const late = [...(accused.get(key) ?? []).map(a => a.pending), ...(files.get(key) ?? []).filter(p => p.synced)];
      if (late.length === 0) return;
      const { moved } = world.maps.of(event.dev, event.ino);
      const isUnconverted = ({ piece, start, end, shared }: Pending): boolean =>
        !shared &&
        piece.line > moved &&
        start < event.offset + event.length &&
        end > event.offset &&
        piece.addr - piece.offset === event.addr - event.offset;
      if (late.some(isUnconverted)) world.device.isFaulty = true;
    };
    /** Writeback of `[start, end)` is over: nothing may be pending there. */
    const over = (event: KernelEvent, start: number, end: number, why: string): undefined => {
      const key = keyOf(event);
      const pending = files.get(key);
      if (pending === undefined) return;
      return accuseAll(
        event,
        key,
        pending.filter(p => p.start < end && p.end > start),
        why,
      );
    };
    const synced = (event: KernelEvent): undefined => {
      for (const { key, pieces } of world.syncing.ended) {
        for (const p of files.get(key) ?? []) if (pieces.has(p.piece)) p.synced ??= event;
      }
    };
    const finish = (event: XfsFileEvent, shared: boolean): undefined => {
      const key = keyOf(event);
      const pending = files.get(key) ?? [];
      const end = event.pos + event.count;
      const mine = pending.filter(p => p.shared === shared && p.start < end && p.end > event.pos);
      let at = event.pos;
      for (const p of [...mine].sort((a, b) => a.start - b.start)) if (p.start <= at) at = Math.max(at, p.end);
      if (event.count <= 0 || at < end || mine.some(p => p.start < event.pos)) {
        if (pending.length >= MOST_PENDING || world.unsettled(event)) return judge.undecided();
        return judge.broken(
          event,
          `[${hex(event.pos)}, ${hex(end)}) was not written to ${shared ? 'copy-on-write' : 'unwritten'} blocks before`,
          ...mine.map(p => p.piece).slice(0, 4),
        );
      }
      // Completion covers whole pieces; the last may be cut at the size of the file only.
      const cut = mine.find(
        p =>
          p.end > end &&
          end < p.end - world.device.blockSize &&
          end !== p.piece.pos + p.piece.dirtyLength &&
          end !== event.isize,
      );
      files.set(
        key,
        pending.filter(p => !mine.includes(p)),
      );
      if (cut !== undefined && end !== event.isize && world.device.blockSize !== 0) {
        return judge.broken(event, `it ends at ${hex(end)}, inside a piece that was written`, cut.piece);
      }
      return judge.held();
    };
    return {
      dstmap(event) {
        seen(event);
      },
      piece(event) {
        seen(event);
        const shared = (event.flags & MapFlag.SHARED) !== 0;
        if (world.device.fs !== 'xfs' || (event.type !== MapType.UNWRITTEN && !shared)) return;
        const key = keyOf(event);
        let pending = files.get(key);
        if (pending === undefined) {
          if (files.size >= MOST_FILES) files.clear();
          files.set(key, (pending = []));
        }
        if (pending.length >= MOST_PENDING) pending.shift();
        const end = Math.min(event.pos + event.dirtyLength, event.offset + event.length);
        pending.push({ piece: event, start: event.pos, end, shared, synced: null });
      },
      xfsFile(event) {
        if (world.request !== null) return;
        if (event.name === 'xfs_unwritten_convert') return finish(event, false);
        if (event.name === 'xfs_reflink_end_cow') return finish(event, true);
        return synced(event);
      },
      writebackFolio(event) {
        return over(event, event.offset, event.offset + event.length, 'writeback takes the folio again');
      },
      releaseFolio(event) {
        return over(event, event.offset, event.offset + event.length, 'the folio is given up');
      },
      cacheDelete(event) {
        // After a shutdown nothing is converted any more, and unmounting drops it.
        if (event.comm.startsWith('umount')) return;
        return over(event, event.offset, event.offset + 4096 * 2 ** event.order, 'the folio left the cache');
      },
      iter: synced,
      other: synced,
      dioComplete: synced,
      atBarrier: synced,
      atEnd() {
        const synced = [...files.values()]
          .flat()
          .flatMap(pending =>
            pending.synced === null ? [] : [{ event: pending.synced, pending, why: 'an fsync has returned' }],
          );
        for (const { event, pending, why } of [...[...accused.values()].flat(), ...synced]) {
          const { piece, shared } = pending;
          const device = world.devices.get(piece.dev);
          // Whether the recording has events of completion at all, a later one tells as well.
          if (device?.showsCompletion !== true || device.isFaulty) judge.undecided();
          else {
            const what = `the piece at ${hex(piece.pos)} was never ${shared ? 'remapped' : 'converted'}`;
            judge.broken(event, `${why}, and ${what}`, piece);
          }
        }
      },
    };
  },
};

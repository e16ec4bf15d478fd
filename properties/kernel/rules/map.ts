/**
 * INV-15, MAP-50, MAP-51, WB-51, WB-52: a file\u2019s blocks stay what and where they were until something changes them, and
 * what changes them shows: conversion, remapping, allocation, space operations. What is known and for how long, and for
 * which file systems, is the business of `file-map.ts`.
 */
import type { MappingEvent, PieceEvent } from '../../../model/contract/kernel-event.js';
import { MAP_TYPE_NAMES, MapFlag, MapType } from '../../../model/contract/mapping.js';
import { OpFlag } from '../../../model/contract/op-flags.js';
import type { Extent } from '../file-map.js';
import { isMapKnown } from '../file-maps.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

const { HOLE, DELALLOC, MAPPED, UNWRITTEN, INLINE } = MapType;

/** What is wrong with seeing `event` where `known` was; null if it may be. */
const differs = (known: Extent, event: MappingEvent | PieceEvent, isAllocated: boolean): string | null => {
  const { type } = event;
  const was = MAP_TYPE_NAMES[known.type];
  if (known.type === DELALLOC) return null;
  if (known.type === HOLE) {
    return type === HOLE || isAllocated ? null : `a HOLE before, and nothing was allocated`;
  }
  if (type === HOLE || type === DELALLOC)
    return `${was} at ${hex(known.since.offset + known.base)} before, and nothing was freed`;
  if (type !== known.type && !(known.either && type === MAPPED))
    return `${was} before, and nothing was ${type === MAPPED ? 'converted' : 'preallocated'}`;
  const base = event.addr - event.offset;
  return base === known.base ? null : `at ${hex(event.offset + known.base)} before, now at ${hex(event.addr)}`;
};

export const map: KernelRule = {
  id: 'K-MAP',
  sentence: 'The blocks of a file stay what and where they are until an event shows what changed them.',
  sources: ['MAP-50', 'MAP-51', 'WB-51', 'WB-52', 'INV-09', 'INV-15', 'INV-42'],
  exercised: 'a mapping showed a range that an earlier one had shown',
  lines: 2,
  watch(world, judge) {
    const compare = (event: MappingEvent | PieceEvent, asked: number, isCow: boolean): undefined => {
      const { device, maps } = world;
      if (!isMapKnown(device) || event.type === INLINE || !Number.isFinite(event.offset)) return judge.undecided();
      const file = maps.of(event.dev, event.ino);
      if (file.isRacy(asked, event.offset, event.offset + event.length)) return judge.undecided();
      const fork = isCow ? file.cow : file.data;
      const end = event.offset + event.length;
      const isAllocated = (event.flags & MapFlag.NEW) !== 0;
      const known = fork.overlapping(event.offset, end);
      for (const { start, value } of known) {
        if (isCow && value.type !== UNWRITTEN && value.type !== MAPPED) continue;
        // Writeback converts copy-on-write blocks as it submits them, and a direct write as it begins.
        if (
          isCow &&
          event.type !== value.type &&
          event.type !== HOLE &&
          event.type !== DELALLOC &&
          event.addr - event.offset === value.base
        )
          continue;
        const wrong = differs(value, event, isAllocated || isCow);
        if (wrong !== null)
          return judge.broken(event, `from ${hex(Math.max(start, event.offset))} on: ${wrong}`, value.since);
      }
      return known.length > 0 ? judge.held() : undefined;
    };
    const given = (event: MappingEvent): undefined => {
      const top = world.task.open.at(-1);
      if (top === undefined) return;
      const asked = top.recent.findLast(e => e.kind === 'iter')?.line ?? 0;
      const isShared = (event.flags & MapFlag.SHARED) !== 0;
      const report = (top.first.flags & OpFlag.REPORT) !== 0;
      if (isShared && top.first.caller.startsWith('iomap_seek')) return;
      return compare(event, asked, isShared && !report);
    };
    return {
      dstmap: given,
      srcmap: given,
      piece(event) {
        return compare(event, world.task.taken?.line ?? 0, (event.flags & MapFlag.SHARED) !== 0);
      },
    };
  },
};

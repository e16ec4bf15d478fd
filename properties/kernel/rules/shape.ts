/**
 * MAP-02: a mapping is not empty, starts inside the file, and neither its end nor the end of its storage wraps.
 */
import type { KernelMapping, MappingEvent, PieceEvent } from '../../../model/contract/kernel-event.js';
import { MapType } from '../../../model/contract/mapping.js';
import type { KernelRule } from '../rule.js';
import { hex } from '../text.js';

const wrong = (m: KernelMapping): string | null => {
  if (m.length <= 0) return `the length is ${m.length}`;
  if (m.offset < 0) return `the offset ${hex(m.offset)} is negative`;
  const stored = m.type === MapType.MAPPED || m.type === MapType.UNWRITTEN;
  if (stored && m.addr !== -1 && (m.addr < 0 || !Number.isFinite(m.addr + m.length))) {
    return `the storage [${hex(m.addr)}, +${hex(m.length)}) wraps`;
  }
  return null;
};

export const shape: KernelRule = {
  id: 'K-SHAPE',
  sentence: 'A mapping is not empty and neither its range nor its storage wraps.',
  sources: ['MAP-02', 'INV-59'],
  exercised: 'a mapping was given',
  lines: 1,
  watch(_world, judge) {
    const check = (event: MappingEvent | PieceEvent): undefined => {
      const message = wrong(event);
      if (message === null) judge.held();
      else judge.broken(event, message);
    };
    return { dstmap: check, srcmap: check, piece: check };
  },
};

/**
 * stat: the size, exactly (INV-35); and the allocated space, between what the file certainly has and what it may have
 * with preallocation, copy-on-write space and the blocks of its extent index.
 */
import type { Answer, Call, Finding } from '../../contract/index.js';
import { finding } from '../judge/findings.js';
import { narrowSize } from '../judge/sizes.js';
import { blocksOf, likelyBlocks } from '../state/space.js';
import type { State } from '../state/state.js';
import { type Operation, succeeds } from './operation.js';

function judge(state: State, call: Call, answer: Answer): Finding | null {
  const file = state.file(call.file);
  if (answer.size > file.size || answer.size < file.sizeLeast)
    return finding(
      'INV-35',
      call,
      -1,
      -1,
      `file ${call.file} shows size ${answer.size}; expected ${sizes(state, call)}`,
    );
  narrowSize(state, file, answer.size);
  const { least, most, runs } = blocksOf(state, call.file);
  // A run needs at most one block of index, and the index a root or two. Shared storage counts once for each block.
  const unknown = file.spreadFrom < file.spreadTo || file.hasCow;
  const limit = unknown ? state.geometry.deviceBlocks + file.owned : most + runs + 2;
  const lowest = Math.floor((least * state.block) / 512);
  const highest = Math.ceil((limit * state.block) / 512);
  if (answer.blocks512 >= lowest && answer.blocks512 <= highest) return null;
  const text = `file ${call.file} shows ${answer.blocks512} blocks of 512 bytes; expected ${lowest} to ${highest}`;
  return finding('INV-10', call, -1, -1, text);
}

function sizes(state: State, call: Call): string {
  const { size, sizeLeast } = state.file(call.file);
  return size === sizeLeast ? String(size) : `${sizeLeast} to ${size}`;
}

function fill(state: State, call: Call, into: Answer): void {
  const file = state.file(call.file);
  into.size = file.size;
  into.blocks512 = Math.ceil((likelyBlocks(file) * state.block) / 512);
}

export const stat: Operation = { rule: 'INV-35', expect: succeeds, judge, fill, steps: [], reports: true };

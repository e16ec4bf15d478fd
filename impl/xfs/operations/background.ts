/** Work that no application calls for: writeback, reclaim, migration, readahead, trimming, revocation, reuse of blocks. */
import {
  type Bytes,
  DEVICE_POISON,
  EINVAL,
  type Steps,
  type Task,
  type TaskId,
  type Waitable,
  Y,
} from '../../../model/contract/index.js';
import { WaitedBio } from '../../device/index.js';
import type { Platform } from '../../library/index.js';
import { dropCleanFolios, migrateFolios, readAhead, writePages } from '../../library/index.js';
import { trimIdle } from '../layout/trim.js';
import { xfsOps } from '../map/ops.js';
import { fail, type Operation } from './operation.js';

/** Length 0 in a background call stands for the whole file. */
function endOf(offset: Bytes, length: Bytes): Bytes {
  return length === 0 ? Infinity : offset + length;
}

export const writeback: Operation = function* (call, fs, context, answer) {
  if (call.offset < 0) return fail(answer, EINVAL);
  yield* writePages(context, fs.inode(call.file), call.offset, endOf(call.offset, call.length), false);
  return answer;
};

/** Waits until nothing is in flight and no completion work is left; the scheduler does both. */
export const complete: Operation = function* (_call, fs, context, answer) {
  yield* awaitIdle(fs.platform, context.task);
  return answer;
};

export function* awaitIdle(platform: Platform, task: Task): Steps<void> {
  const idle = new Idle(platform);
  while (!idle.ready()) {
    task.waitsFor = idle;
    yield Y['Y-WB9'];
  }
  task.waitsFor = null;
}

class Idle implements Waitable {
  private readonly platform: Platform;

  constructor(platform: Platform) {
    this.platform = platform;
  }

  describe(): string {
    return 'all I/O and its completion work';
  }

  ready(): boolean {
    return this.platform.device.inFlight.length === 0 && this.platform.work.count === 0;
  }

  blockers(): readonly TaskId[] {
    return [];
  }
}

export const reclaim: Operation = (call, fs, _context, answer) => {
  dropCleanFolios(fs.inode(call.file), call.offset, endOf(call.offset, call.length));
  return answer;
};

export const migrate: Operation = (call, fs, _context, answer) => {
  migrateFolios(fs.inode(call.file), call.offset, endOf(call.offset, call.length));
  return answer;
};

export const readahead: Operation = function* (call, fs, context, answer) {
  const inode = fs.inode(call.file);
  yield* readAhead(context, inode, xfsOps, call.offset, endOf(call.offset, call.length));
  return answer;
};

export const trim: Operation = (call, fs, context, answer) => {
  trimIdle(context, fs.inode(call.file));
  return answer;
};

export const revoke: Operation = (call, fs, _context, answer) => {
  const inode = fs.inode(call.file);
  inode.data.revoke();
  inode.cow.revoke();
  return answer;
};

/** Another file takes a run of free blocks, writes them, and frees them again. */
export const reuse: Operation = function* (call, fs, context, answer) {
  const wanted = Math.min(Math.ceil(call.length / fs.blockSize), fs.space.free);
  const count = wanted <= 0 ? 0 : fs.space.allocate(wanted, -1);
  if (count === 0) return answer;
  const first = fs.space.found;
  const memory = new Uint8Array(count * fs.blockSize).fill(DEVICE_POISON);
  const bio = new WaitedBio('write', 'data', first * fs.blockSize, memory, false);
  fs.platform.device.submit(bio);
  yield* bio.wait(context.task, Y['Y-WB4']);
  const transaction = fs.journal.begin(context.task);
  fs.space.drop(first, count, transaction, () => {});
  fs.journal.commit(transaction);
  return answer;
};

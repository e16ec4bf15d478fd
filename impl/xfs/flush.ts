/** A cache flush of the device that a task waits for (CR-02 b). */
import type { Bio, Errno, Steps, Task, TaskId, Waitable } from '../../model/contract/index.js';
import { Y } from '../../model/contract/index.js';
import type { Platform } from '../library/index.js';

const NOTHING = new Uint8Array(0);

class FlushBio implements Bio, Waitable {
  readonly kind = 'flush';
  readonly addr = 0;
  readonly length = 0;
  readonly memory = NOTHING;
  readonly at = 0;
  readonly fua = false;
  readonly atomic = false;
  readonly cargo = 'log';
  readonly file = -1;
  readonly offset = -1;
  finished = false;
  status: Errno = 0;

  done(status: Errno): void {
    this.finished = true;
    this.status = status;
  }

  describe(): string {
    return 'a flush of the device';
  }

  ready(): boolean {
    return this.finished;
  }

  blockers(): readonly TaskId[] {
    return [];
  }
}

/** Ends with the errno of the flush. */
export function* flushDevice(platform: Platform, task: Task): Steps<Errno> {
  const bio = new FlushBio();
  platform.device.submit(bio);
  while (!bio.finished) {
    task.waitsFor = bio;
    yield Y['Y-SY2'];
  }
  task.waitsFor = null;
  return bio.status;
}

/** Writes of log and metadata, and cache flushes, waited for by the task that forces the log. */
import { type BlockDevice, type Errno, type Steps, type Task, Y } from '../../model/contract/index.js';
import { WaitedBio } from '../device/index.js';

const NOTHING = new Uint8Array(0);

/** A cache flush of the device (CR-02 b), submitted now; the steps wait for it and end with its errno. */
export function flushDevice(device: BlockDevice, task: Task): Steps<Errno> {
  const bio = new WaitedBio('flush', 'log', 0, NOTHING, false);
  device.submit(bio);
  return bio.wait(task, Y['Y-SY2']);
}

/** Writes that go out together; ends with the first errno when all are done. */
export function* writeAll(device: BlockDevice, bios: readonly WaitedBio[], task: Task): Steps<Errno> {
  let first: Errno = 0;
  for (const bio of bios) device.submit(bio);
  for (const bio of bios) {
    const error = yield* bio.wait(task, Y['Y-SY2']);
    if (first === 0) first = error;
  }
  return first;
}

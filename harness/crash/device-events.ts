/** What kind each event of a device history is, in words for counts: listens in on the device while a program runs. */
import type { Bio, BlockDevice, Errno } from '../../model/contract/index.js';

export class DeviceEvents {
  /** By index in the history. */
  readonly kinds: string[] = [];
  private readonly device: BlockDevice;

  constructor(device: BlockDevice) {
    this.device = device;
    const { submit, complete } = device;
    device.submit = (bio: Bio): void => {
      this.kinds.push(`submitted ${kindOf(bio)}`);
      submit.call(device, bio);
    };
    device.complete = (bio: Bio, status: Errno): void => {
      this.kinds.push(`completed ${kindOf(bio)}`);
      complete.call(device, bio, status);
    };
  }

  /** The device is as it was; it may be used by the next target. */
  stop(): void {
    Reflect.deleteProperty(this.device, 'submit');
    Reflect.deleteProperty(this.device, 'complete');
  }
}

function kindOf(bio: Bio): string {
  return bio.kind === 'write' ? `${bio.cargo}${bio.fua ? ' with FUA' : ''}` : bio.kind;
}

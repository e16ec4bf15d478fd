/** The contents that each sector of data may have after a crash: what is durable, and every volatile write to it (CR-03). */
import type { DeviceHistory } from '../../model/contract/index.js';
import type { Candidate, Medium } from '../../model/files/index.js';

export class VolatileMedium implements Medium {
  readonly sectorSize: number;
  /** Sectors judged with more than one candidate count as often. */
  asked = 0;
  private readonly durable: Uint8Array;
  private readonly several = new Map<number, Candidate[]>();

  constructor(history: DeviceHistory, cut: number, sectorSize: number, durable: Uint8Array) {
    this.sectorSize = sectorSize;
    this.durable = durable;
    for (const write of history.volatileAt(cut)) {
      if (write.cargo !== 'data') continue;
      for (let sector = 0; sector < write.length / sectorSize; sector++) {
        if (history.candidate?.(cut, write, sector) === false) continue;
        const address = write.addr + sector * sectorSize;
        let list = this.several.get(address);
        if (list === undefined) {
          list = [{ bytes: this.durable, at: address }];
          this.several.set(address, list);
        }
        list.push({ bytes: write.bytes, at: sector * sectorSize });
      }
    }
  }

  candidates(address: number): readonly Candidate[] {
    const known = this.several.get(address);
    this.asked += known?.length ?? 1;
    return known ?? [{ bytes: this.durable, at: address }];
  }
}

/** The sectors of one image. */
export class FixedMedium implements Medium {
  readonly sectorSize: number;
  private readonly image: Uint8Array;

  constructor(image: Uint8Array, sectorSize: number) {
    this.image = image;
    this.sectorSize = sectorSize;
  }

  candidates(address: number): readonly Candidate[] {
    return [{ bytes: this.image, at: address }];
  }
}

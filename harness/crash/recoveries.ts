/**
 * What recovery makes of images: each is mounted, looked at for what must hold whatever it recovered (INV-63), and recovered
 * once more, which must come to the same; and it is itself interrupted at every position of what it writes. What was found
 * is remembered by the sectors that recovery looked at, for all cuts of all programs.
 */
import {
  type Bytes,
  type DeviceHistory,
  Ev,
  type EventKind,
  type FileId,
  type Finding,
  type Looked,
  type Sink,
  type Survivors,
  silence,
  type Target,
  type TargetConfig,
  type TargetFactory,
  uneventful,
} from '../../model/contract/index.js';
import type { RecoveredFile } from '../../model/files/index.js';
import { Choices } from './choices.js';
import { inconsistency } from './consistency.js';
import type { CrashCounts } from './counts.js';
import { recoveredFiles, stateKey } from './recovered.js';
import { type Explored, type OpenSectors, RecoveryTree } from './recovery-tree.js';

/** States of a crash of recovery that are looked at where states are sampled. */
const FEW_STATES = 4;

const NOTHING: Survivors = { survives: () => false };

/** What recovering an image gave. */
export interface Recovery {
  readonly files: readonly RecoveredFile[];
  readonly key: string;
  /** What is wrong with it whatever the model says. */
  readonly finding: Finding | null;
  /** An image that differs in what recovery did not look at gave the same. */
  confirmed: boolean;
}

export class Recoveries {
  private readonly factory: TargetFactory;
  private readonly config: TargetConfig;
  /** Every recovery is interrupted too, or only the first. */
  private readonly every: boolean;
  private readonly first = new RecoveryTree<Recovery>();
  /** What recovering comes to, no more: of what another recovery left. Null: nothing. */
  private readonly second = new RecoveryTree<string | null>();
  private interrupted = false;

  constructor(factory: TargetFactory, config: TargetConfig, every: boolean) {
    this.factory = factory;
    this.config = { ...config, chooser: uneventful, sink: silence, recordDevice: false, journal: 'device' };
    this.every = every;
  }

  /** Of the image as chosen; `met` takes the places that decided it. */
  find(history: DeviceHistory, cut: number, choices: Choices, met: number[], counts: CrashCounts): Recovery {
    const explore = () => this.explore(imageAt(history, cut, choices.survivors), counts);
    const recovery = this.first.find(choices, explore, met);
    if (this.every && !recovery.confirmed && choices.oppose(met)) {
      this.confirm(imageAt(history, cut, choices.survivors), recovery);
      choices.restore();
    }
    return recovery;
  }

  /** What recovery says it does not look at must not matter: an image in which all of that is different is mounted as well. */
  private confirm(image: Uint8Array, recovery: Recovery): void {
    const target = this.mount(image, () => {}, silence);
    const key = target?.view === undefined ? '' : stateKey(recoveredFiles(target.view, this.config.geometry));
    if (key !== recovery.key) throw new Error(`recovery of ${this.factory.name} looks at more than it says`);
    recovery.confirmed = true;
  }

  /** Of one image, remembering nothing. */
  of(image: Uint8Array, counts: CrashCounts): Recovery {
    return this.explore(image, counts).leaf;
  }

  private explore(image: Uint8Array, counts: CrashCounts): Explored<Recovery> {
    counts.mounts++;
    const { geometry } = this.config;
    const looked = new LookedAt(geometry.sectorSize);
    const written = new WrittenTo(geometry.sectorSize);
    const target = this.mount(image, looked.told, written.sink);
    if (target?.view === undefined || target.device === undefined)
      return {
        leaf: {
          files: [],
          key: '',
          finding: broken('there is nothing to recover from what the crash left'),
          confirmed: false,
        },
        looked: looked.sectors,
      };
    const files = recoveredFiles(target.view, geometry);
    const key = stateKey(files);
    const after = new FixedSectors(target.device.contents, geometry.sectorSize);
    let finding = inconsistency(target.view, geometry) ?? this.again(after, after.image, key);
    // What the second recovery read of what the first did not write is of the image, too.
    const all = [...looked.sectors, ...[...after.asked].filter(sector => !written.sectors.has(sector))];
    if (finding === null && (this.every || !this.interrupted)) {
      this.interrupted = true;
      finding = this.interrupt(image, key, counts);
    }
    return { leaf: { files, key, finding, confirmed: false }, looked: all };
  }

  /** Recovery itself crashes, at every position of what it writes: the next one must come to the same state. */
  private interrupt(image: Uint8Array, key: string, counts: CrashCounts): Finding | null {
    const { sectorSize } = this.config.geometry;
    const history = this.factory.mount?.({ ...this.config, recordDevice: true }, image)?.device?.history ?? null;
    if (history === null) return null;
    const met: number[] = [];
    for (let cut = 1; cut < history.length; cut++) {
      const choices = new Choices(history, cut, sectorSize, durableAt(history, cut));
      let left = this.every ? Number.POSITIVE_INFINITY : FEW_STATES;
      do {
        const finding = this.again(choices, () => imageAt(history, cut, choices.survivors), key, met);
        counts.interrupted += this.every ? choices.alike(met) : 1;
        if (finding !== null) return finding;
      } while (choices.advance(met) && --left > 0);
    }
    return null;
  }

  /** Recovery that was interrupted at its very end, or run once more, gives the same (INV-63). */
  private again(sectors: OpenSectors, image: () => Uint8Array, key: string, met: number[] = []): Finding | null {
    const { geometry } = this.config;
    const explore = (): Explored<string | null> => {
      const looked = new LookedAt(geometry.sectorSize);
      const target = this.mount(image(), looked.told, silence);
      const leaf = target?.view === undefined ? null : stateKey(recoveredFiles(target.view, geometry));
      return { leaf, looked: looked.sectors };
    };
    const other = this.second.find(sectors, explore, met);
    if (other === null) return broken('what recovery left cannot be mounted');
    return other === key ? null : broken(`recovering twice gives another state: ${other} after ${key}`);
  }

  private mount(image: Uint8Array, looked: Looked, sink: Sink): Target | null {
    return this.factory.mount?.({ ...this.config, sink }, image, looked) ?? null;
  }
}

/** The image with nothing volatile. */
export function durableAt(history: DeviceHistory, cut: number): Uint8Array {
  return history.lendDurable?.(cut) ?? history.image(cut, NOTHING);
}

function imageAt(history: DeviceHistory, cut: number, survivors: Survivors): Uint8Array {
  return history.lendImage?.(cut, survivors) ?? history.image(cut, survivors);
}

/** The sectors that recovery looked at. */
class LookedAt {
  readonly sectors = new Set<Bytes>();
  readonly told: Looked;

  constructor(sectorSize: Bytes) {
    this.told = (address, length) => {
      for (let at = address - (address % sectorSize); at < address + length; at += sectorSize) this.sectors.add(at);
    };
  }
}

/** The sectors that recovery wrote. */
class WrittenTo {
  readonly sectors = new Set<Bytes>();
  readonly sink: Sink;

  constructor(sectorSize: Bytes) {
    const emit = (kind: EventKind, _file: FileId, address: Bytes, length: Bytes): void => {
      if (kind !== Ev['bio-write']) return;
      for (let at = address; at < address + length; at += sectorSize) this.sectors.add(at);
    };
    this.sink = { ...silence, emit };
  }
}

/** An image without choice, which remembers what it was asked for. */
class FixedSectors implements OpenSectors {
  readonly asked = new Set<Bytes>();
  private readonly bytes: Buffer;
  private readonly sectorSize: Bytes;

  constructor(bytes: Uint8Array, sectorSize: Bytes) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.sectorSize = sectorSize;
  }

  readonly image = (): Uint8Array => this.bytes;

  contents(address: Bytes): string {
    this.asked.add(address);
    return this.bytes.toString('latin1', address, address + this.sectorSize);
  }

  placeOf(): number {
    return -1;
  }
}

function broken(message: string): Finding {
  return { id: 'INV-63', message, file: 0, offset: -1, length: -1, call: -1 };
}

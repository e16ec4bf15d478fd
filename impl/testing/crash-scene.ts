/**
 * A small file system whose device is remembered, for tests of crashes: calls by name, crashes at a cut with a choice of
 * survivors, and the contents of files afterwards. Everything that is recovered lives in memory of its own.
 */
import {
  type Answer,
  DEFAULT_OPTIONS,
  type Geometry,
  makeCall,
  type OperationName,
  type Survivors,
  silence,
  type Target,
  type TargetConfig,
  type TargetFactory,
  uneventful,
} from '../../model/contract/index.js';
import { xfsFactory } from '../target.js';
import { census } from './census.js';
import { Driver } from './driver.js';

export const SCENE_GEOMETRY: Geometry = {
  blockSize: 64,
  pageSize: 64,
  maxFolioSize: 256,
  sectorSize: 8,
  deviceBlocks: 256,
};

/** Nothing that was not durable is there; or all of it is. */
export const NONE: Survivors = { survives: () => false };
export const ALL: Survivors = { survives: () => true };

type Fields = NonNullable<Parameters<typeof makeCall>[3]>;

export class CrashScene {
  readonly target: Target;
  readonly driver: Driver;
  private readonly config: TargetConfig;
  private readonly spare: TargetFactory = xfsFactory();
  private readonly settles: boolean;
  private next = 1;

  constructor(config: TargetConfig, target: Target, pick: ((below: number) => number) | null = null) {
    this.config = config;
    this.target = target;
    this.settles = pick === null;
    this.driver = new Driver(target, pick);
  }

  call(name: OperationName, file = 0, fields: Fields = {}): Answer {
    const answer = this.driver.call(makeCall(this.next++, name, file, fields));
    if (this.settles) this.driver.settle();
    return answer;
  }

  /** `length` bytes of one value. */
  write(file: number, offset: number, length: number, byte: number, name: OperationName = 'write'): Answer {
    return this.call(name, file, { offset, length, data: { byte } });
  }

  bytes(file = 0): number[] {
    const size = this.target.view!.file(file).isize;
    if (size === 0) return [];
    return [...this.call('read', file, { offset: 0, length: size }).bytes.subarray(0, size)];
  }

  /** The contents as runs: `"100×7 28×0"`. */
  runs(file = 0): string {
    const runs: [number, number][] = [];
    for (const byte of this.bytes(file)) {
      const last = runs.at(-1);
      if (last?.[1] === byte) last[0]++;
      else runs.push([1, byte]);
    }
    return runs.map(([count, byte]) => `${count}×${byte}`).join(' ');
  }

  get cut(): number {
    return this.target.device!.history!.length;
  }

  image(survive: Survivors = NONE, cut: number = this.cut): Uint8Array {
    return this.target.device!.history!.image(cut, survive);
  }

  /** What recovery makes of the medium after a crash. */
  crash(survive: Survivors = NONE, cut: number = this.cut): CrashScene {
    return this.mount(this.image(survive, cut));
  }

  mount(image: Uint8Array): CrashScene {
    const target = this.spare.mount!(this.config, image);
    if (target === null) throw new Error('there is no file system on the image');
    return new CrashScene(this.config, target);
  }

  /** What is wrong with the accounting, or null. */
  census(): string | null {
    return census(this.target.view!, this.config.geometry.blockSize);
  }
}

/** With a picker, I/O and completion work happen in any order and are not waited for after a call. */
export function crashScene(
  geometry: Geometry = SCENE_GEOMETRY,
  config: Partial<TargetConfig> = {},
  pick: ((below: number) => number) | null = null,
): CrashScene {
  const whole: TargetConfig = {
    fs: 'xfs',
    geometry,
    options: DEFAULT_OPTIONS,
    files: 2,
    chooser: uneventful,
    sink: silence,
    recordDevice: true,
    writeThrough: false,
    ...config,
  };
  return new CrashScene(whole, xfsFactory().create(whole), pick);
}

/** A model that remembers what a crash may bring back, with short ways to show it recovered states, for tests. */
import type { FileSystemOptions, Finding, Geometry } from '../../contract/index.js';
import { CrashJudge, type Medium, type RecoveredFile, type Timeline, type Window, windowAt } from '../index.js';
import { Session, TINY } from './session.js';

/** Runs of [value or contents, bytes]; `null`: a hole. */
export type Runs = readonly (readonly [number | readonly number[] | null, number])[];

export class CrashSession extends Session {
  readonly timeline: Timeline;
  private readonly geometry: Geometry;

  constructor(geometry: Partial<Geometry> = {}, options: Partial<FileSystemOptions> = {}, files = 3) {
    super(geometry, options, files);
    this.geometry = { ...TINY, ...geometry };
    // Every call takes the device further; nothing more is known of it here.
    let now = 0;
    this.timeline = this.model.recordCrashes(() => now++);
  }

  /** Judges a crash now that left these files; those not given are empty. `wrong` makes another model of the right one. */
  crash(
    files: Readonly<Record<number, Runs>>,
    cut = Number.POSITIVE_INFINITY,
    wrong: (window: Window) => Window = window => window,
  ): Finding | null {
    const medium = new Uint8Array(2 ** 20 * 3);
    const recovered = [0, 1, 2]
      .filter(file => files[file] !== undefined)
      .map(file => this.lay(file, files[file]!, medium));
    return new CrashJudge(wrong(windowAt(this.timeline, cut))).judge(
      recovered,
      candidatesOf(medium, this.geometry.sectorSize),
    );
  }

  /** Blocks in which nothing but holes lie are holes. */
  private lay(file: number, runs: Runs, medium: Uint8Array): RecoveredFile {
    const { blockSize } = this.geometry;
    const base = file * 2 ** 20;
    const mapped = new Set<number>();
    let at = 0;
    for (const [value, n] of runs) {
      for (let i = 0; i < n; i++, at++) {
        if (value === null) continue;
        medium[base + at] = typeof value === 'number' ? value : value[at]!;
        mapped.add(at - (at % blockSize));
      }
    }
    const extents = [...mapped].map(offset => ({ offset, length: blockSize, address: base + offset, written: true }));
    return { file, size: at, extents };
  }
}

function candidatesOf(medium: Uint8Array, sectorSize: number): Medium {
  return { sectorSize, candidates: address => [{ bytes: medium, at: address }] };
}

/** What hunting the mutations came to when it was last measured: figures beside the diffs, one line a mutation. */
import { readFileSync, writeFileSync } from 'node:fs';
import { MUTATIONS_FOLDER } from '../../properties/mutations/index.js';

/** One campaign of one seed; null where nothing was found. */
export interface MeasuredSeed {
  readonly by: string;
  readonly operations: number | null;
  readonly steps: number | null;
}

export interface Measured {
  /** By slug; lists go by seed, 1, 2, 3 … */
  readonly [slug: string]: readonly (MeasuredSeed | null)[];
}

const FILE = new URL('measured.json', MUTATIONS_FOLDER);

export function readMeasured(): Measured {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Measured;
}

/** Keeps the figures of these mutations, in the order of their names. */
export function writeMeasured(measured: Measured): void {
  const lines = Object.keys(measured)
    .sort()
    .map(slug => `${JSON.stringify(slug)}: ${JSON.stringify(measured[slug])}`);
  writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
}

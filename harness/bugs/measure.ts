/** Hunts one diff for a published page: on three seeds, one process at a time, without a control. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Detection } from './campaign-child.js';
import { type BugReport, type HuntOptions, hunt } from './hunt.js';
import type { Patch } from './patch.js';

const SEEDS = ['1', '2', '3'];

/** What differs from page to page. */
export type Measure = Pick<HuntOptions, 'operations' | 'patience' | 'strategy'>;

/** `use` finds the traces where the report says; they are removed when it has returned. */
export async function measure<T>(patch: Patch, options: Measure, use: (bug: BugReport) => Promise<T>): Promise<T> {
  const out = mkdtempSync(join(tmpdir(), 'iomap-check-'));
  try {
    const { bugs } = await hunt([patch], {
      ...options,
      seeds: SEEDS,
      out,
      jobs: 1,
      control: false,
      signal: new AbortController().signal,
      progress: (slug, detection) => process.stdout.write(`${slug}, ${line(detection)}\n`),
    });
    return await use(bugs[0]!);
  } finally {
    rmSync(out, { recursive: true });
  }
}

function line({ seed, by, operations, steps }: Detection): string {
  return `seed ${seed}: ${by === null ? 'missed' : `${by} in ${steps} steps`} after ${operations} operations`;
}

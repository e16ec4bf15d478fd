/**
 * Hunts the races and mistakes of locking anew and publishes what came of it:
 * `node dist/harness/bugs/publish-interleavings.js [SLUG…]`, all of them if none is named, only the page with `--page`. Each
 * is hunted in every way on every seed; its trace must fail with the diff and be clean without. Takes some minutes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { LOCK_MISTAKES, LOCKS_FOLDER, RACES, RACES_FOLDER } from '../../properties/mutations/interleavings.js';
import { readTrace } from '../../traces/format/index.js';
import type { Detection } from './campaign-child.js';
import { type Found, readInterleavings, WAYS, type Way, withTables, writeInterleavings } from './interleavings-page.js';
import { patchIn } from './kept.js';
import { measure } from './measure.js';
import type { Patch } from './patch.js';
import { convicts, testimonies } from './witness.js';

/** Some 100,000 schedules: a sequence has 175 calls on the mean, of which some 145 are operations. */
const OPERATIONS = 14_000_000;
const PATIENCE_SECONDS = 1_800;

async function publish(folder: URL, diff: string): Promise<void> {
  const patch = patchIn(folder, diff);
  const ways = {} as Record<Way, readonly (Found | null)[]>;
  for (const way of WAYS) {
    process.stdout.write(`${way}:\n`);
    const strategy = way === 'default' ? undefined : way;
    ways[way] = await measure(patch, { operations: OPERATIONS, patience: PATIENCE_SECONDS, strategy }, bug =>
      Promise.all(bug.detections.map(detection => judge(patch, detection))),
    );
  }
  writeInterleavings({ ...readInterleavings(), [diff]: ways });
}

/** What counts: found by one of its rules, with a trace that is clean without the diff. */
async function judge(patch: Patch, detection: Detection | null): Promise<Found | null> {
  if (detection === null || !detection.found || detection.trace === null || detection.by === null) return null;
  const trace = readTrace(readFileSync(detection.trace, 'utf8'), detection.trace);
  const [said] = await testimonies(patch, [trace]);
  if (said === undefined || !convicts(said, patch)) {
    process.stdout.write(`${patch.slug}, seed ${detection.seed}: ${detection.message ?? ''} does not convict it\n`);
    return null;
  }
  const { by, schedules, operations, steps } = detection;
  return { by, schedules: schedules ?? 0, operations: operations ?? 0, steps: steps ?? 0 };
}

const words = process.argv.slice(2);
if (!words.includes('--page'))
  for (const [folder, rows] of [
    [RACES_FOLDER, RACES],
    [LOCKS_FOLDER, LOCK_MISTAKES],
  ] as const)
    for (const { diff } of rows) if (words.length === 0 || words.includes(diff)) await publish(folder, diff);
const page = new URL('../../../docs/interleavings.md', import.meta.url);
writeFileSync(page, withTables(readFileSync(page, 'utf8'), readInterleavings()));

/**
 * Hunts the mutations anew and publishes what came of it: `node dist/harness/bugs/publish.js [SLUG…]`, all of them if none
 * is named, only the pages with `--page`. Keeps the figures in `properties/mutations/measured.json`, the smallest trace of
 * each in `traces/corpus/mutations`, and makes `docs/mutations.md`, `docs/historical-bugs.md` and `docs/variations.md`.
 * Takes half a minute a mutation.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  FURTHER_MUTATIONS,
  MUTATION_TABLE,
  MUTATION_TRACES,
  type MutationRow,
} from '../../properties/mutations/index.js';
import { countSteps, readTrace, type Trace, writeTrace } from '../../traces/format/index.js';
import { historicalBugs, historicalPage } from './historical.js';
import type { BugReport } from './hunt.js';
import { measure } from './measure.js';
import { readMeasured, writeMeasured } from './measured.js';
import { mutation, mutationsPage } from './page.js';
import type { Patch } from './patch.js';
import { legalVariations, variationsPage } from './variations.js';
import { convicts, testimonies } from './witness.js';

const OPERATIONS = 400_000;
const PATIENCE_SECONDS = 600;

function slugsOf(rows: readonly MutationRow[]): string[] {
  return rows.flatMap(row => row.diffs);
}

/** Hunts one mutation; what is known of the others stays. */
async function publish(slug: string): Promise<void> {
  const patch = mutation(slug);
  await measure(patch, { operations: OPERATIONS, patience: PATIENCE_SECONDS }, async bug => {
    const seeds = bug.detections.map(detection =>
      detection?.found === true && detection.by !== null
        ? { by: detection.by, operations: detection.operations, steps: detection.steps }
        : null,
    );
    writeMeasured({ ...readMeasured(), [slug]: seeds });
    await keepTrace(bug, patch);
  });
}

/** Keeps the smallest trace that convicts. */
async function keepTrace({ slug, detections }: BugReport, patch: Patch): Promise<void> {
  const traces = detections
    .flatMap(detection => (detection?.trace == null ? [] : [read(detection.trace)]))
    .sort((one, other) => countSteps(one) - countSteps(other));
  const said = await testimonies(patch, traces);
  const smallest = traces.find((_, index) => convicts(said[index]!, patch));
  if (smallest === undefined) {
    process.stdout.write(`${slug}: no trace convicts it\n`);
    return;
  }
  mkdirSync(MUTATION_TRACES, { recursive: true });
  writeFileSync(new URL(`${slug}.trace`, MUTATION_TRACES), writeTrace(smallest));
}

function read(path: string): Trace {
  return readTrace(readFileSync(path, 'utf8'), path);
}

const words = process.argv.slice(2);
const slugs = words.length > 0 ? words : slugsOf([...MUTATION_TABLE, ...FURTHER_MUTATIONS]);
if (!words.includes('--page')) for (const slug of slugs) await publish(slug);
writeFileSync(new URL('../../../docs/mutations.md', import.meta.url), mutationsPage(readMeasured()));
writeFileSync(new URL('../../../docs/historical-bugs.md', import.meta.url), historicalPage(historicalBugs()));
writeFileSync(new URL('../../../docs/variations.md', import.meta.url), variationsPage(legalVariations()));

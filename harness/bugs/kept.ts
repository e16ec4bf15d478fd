/** The diffs against `impl/` that lie in folders of `properties/`, and the traces that show what they break. */
import { readdirSync, readFileSync } from 'node:fs';
import { readTrace, type Trace } from '../../traces/format/index.js';
import { type Patch, readPatch } from './patch.js';

/** `SLUG.diff` of a folder. */
export function patchIn(folder: URL, slug: string): Patch {
  const name = `${slug}.diff`;
  return readPatch(readFileSync(new URL(name, folder), 'utf8'), name);
}

/** What has a diff in a folder, by name; folders in it are not entered. */
export function slugsIn(folder: URL): readonly string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.diff'))
    .map(name => name.replace(/\.diff$/, ''))
    .sort();
}

/** `SLUG.trace` of a folder. */
export function traceIn(folder: URL, slug: string): Trace {
  const name = `${slug}.trace`;
  return readTrace(readFileSync(new URL(name, folder), 'utf8'), name);
}

/**
 * From a diff to a package that can be run: applies it to the sources the package ships, transpiles what changed, makes
 * the private copy, and makes sure that the copy loads. A diff that does not apply, changes nothing that runs, or breaks
 * the program before it can do anything, cannot be used, and says so by name.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TargetFactory } from '../../model/contract/index.js';
import { applyFile } from './apply.js';
import { type Patch, PatchError } from './patch.js';
import { copyPackage, PACKAGE_ROOT, type PrivateCopy } from './private-copy.js';
import { runsTheSame, transpile } from './transpile.js';

/** The present text of a source of the package, null if there is none. */
export function packageSource(path: string): string | null {
  const full = join(PACKAGE_ROOT, path);
  return existsSync(full) ? readFileSync(full, 'utf8') : null;
}

/** The sources a diff changes, as they are afterwards. */
export function patchedSources(
  patch: Patch,
  source: (path: string) => string | null = packageSource,
): ReadonlyMap<string, string> {
  const results = new Map<string, string>();
  let changes = false;
  for (const file of patch.files) {
    const before = source(file.path);
    if (before === null && !file.creates) throw new PatchError(`${patch.name}: there is no ${file.path}`);
    if (before !== null && file.creates) throw new PatchError(`${patch.name}: ${file.path} exists already`);
    const after = applyFile(before ?? '', file, patch.name);
    // Transpiled here already, so that a syntax error has the diff's name on it.
    results.set(file.path, transpile(after, file.path, patch.name));
    changes ||= before === null || !runsTheSame(before, after);
  }
  if (!changes) throw new PatchError(`${patch.name}: changes nothing that runs in ${[...results.keys()].join(', ')}`);
  return results;
}

/** The implementation with a diff applied, loaded into this process beside the original, with the same contract. */
export async function loadMutant(patch: Patch): Promise<Readonly<Record<string, TargetFactory>>> {
  const copy = copyPackage(patchedSources(patch), 'impl');
  try {
    const entry = pathToFileURL(join(copy.root, 'dist', 'impl', 'index.js')).href;
    const module = (await import(entry)) as { readonly implementation: Readonly<Record<string, TargetFactory>> };
    return module.implementation;
  } finally {
    copy.dispose();
  }
}

/** Builds the private copy of a diff. */
export function makeMutant(patch: Patch): PrivateCopy {
  const copy = copyPackage(patchedSources(patch));
  const program = copy.changed.map(path => `await import(${JSON.stringify(pathToFileURL(path).href)});`).join('');
  const loaded = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (loaded.status === 0) return copy;
  copy.dispose();
  const reason =
    /^\w*Error.*$/m.exec(loaded.stderr)?.[0] ?? loaded.stderr.trim().split('\n').at(-1) ?? 'it did not end';
  throw new PatchError(`${patch.name}: the package does not load after the diff: ${reason}`);
}

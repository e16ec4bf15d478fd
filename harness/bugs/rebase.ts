/**
 * Makes a diff anew after the sources under it moved on: a three-way merge of the text it was made against (the base),
 * that text with the diff applied, and the present text. Where the base comes from, in this order: a folder or git
 * revision the user states; the blob that the diff's `index` line names, if git has it; else the diff itself, whose old
 * lines are put in place of the part of the present text they resemble most. A change that was made to both is a
 * conflict and fails by name: only its author knows what the mutation should be now.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { structuredPatch } from 'diff';
import { diff3Merge, diffIndices } from 'node-diff3';
import { applyFile, placesOf } from './apply.js';
import { type FilePatch, type Patch, PatchError } from './patch.js';

/** Where the sources are, and what was stated as the base. */
export interface RebaseSources {
  /** The present text of a file of the package, null if there is none. */
  readonly current: (path: string) => string | null;
  /** The root of the package, in which git is asked. */
  readonly root: string;
  /** A folder that holds `impl/`, or a git revision; null if the user stated none. */
  readonly base: string | null;
}

/** The text of the diff made anew. Throws PatchError on a conflict, or when nothing of the mutation is left. */
export function rebasePatch(patch: Patch, sources: RebaseSources): string {
  return patch.preamble + patch.files.map(file => rebaseFile(file, patch, sources)).join('');
}

function rebaseFile(file: FilePatch, patch: Patch, sources: RebaseSources): string {
  const current = sources.current(file.path) ?? (file.creates ? '' : null);
  if (current === null) throw new PatchError(`${patch.name}: there is no ${file.path} any more`);
  const base = baseText(file, sources) ?? resembling(file, current, patch.name);
  const mutated = applyFile(base, file, patch.name);
  const regions = diff3Merge(mutated.split('\n'), base.split('\n'), current.split('\n'), {
    excludeFalseConflicts: true,
  });
  const merged = regions.flatMap(region => {
    if (region.ok !== undefined) return region.ok;
    const { bIndex = 0, o = [], b = [] } = region.conflict ?? {};
    throw new PatchError(
      `${patch.name}: conflict at line ${bIndex + 1} of ${file.path}: the diff changes "${first(o)}", which is now "${first(b)}"`,
    );
  });
  const result = merged.join('\n');
  if (result === current) throw new PatchError(`${patch.name}: ${file.path} already reads as the diff wants it`);
  return fileDiff(file, current, result);
}

function first(lines: readonly string[]): string {
  return (lines.find(line => line.trim() !== '') ?? '').trim();
}

function baseText(file: FilePatch, { root, base }: RebaseSources): string | null {
  if (file.creates) return '';
  if (base !== null && existsSync(base) && statSync(base).isDirectory()) {
    const path = join(base, file.path);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  }
  const object = base === null ? file.baseBlob : `${base}:./${file.path}`;
  if (object === null) return null;
  try {
    return execFileSync('git', ['show', object], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    if (base !== null) throw new PatchError(`${base} is neither a folder nor a git revision that has ${file.path}`);
    return null;
  }
}

/** The present text with the diff's old lines in place of what they resemble most. */
function resembling(file: FilePatch, current: string, name: string): string {
  const lines = current.split('\n');
  let from = 0;
  for (const hunk of file.hunks) {
    const { at, length } = place(lines, hunk.before, from);
    if (at < 0)
      throw new PatchError(
        `${name}:${hunk.line}: nothing in ${file.path} resembles hunk ${hunk.number}; state its base with --base`,
      );
    lines.splice(at, length, ...hunk.before);
    from = at + hunk.before.length;
  }
  return lines.join('\n');
}

/**
 * The smallest window of `lines` from `from` on that shares most lines, in order, with `wanted`, and at least half of
 * them; at −1 if none. Changed lines at its edges may stay outside: the merge takes those from the present text anyway.
 */
function place(lines: readonly string[], wanted: readonly string[], from: number): { at: number; length: number } {
  const known = new Set(wanted);
  let best = { at: -1, length: 0 };
  let most = Math.ceil(wanted.length / 2) - 1;
  for (let at = from; at < lines.length; at++) {
    let hits = 0;
    for (let length = 1; length <= wanted.length * 2 && at + length <= lines.length; length++) {
      // Only a window that ends in a line of the hunk, and holds enough of them, can be better.
      if (!known.has(lines[at + length - 1]!) || ++hits <= most) continue;
      const window = lines.slice(at, at + length);
      const differing = diffIndices([...wanted], window).reduce((sum, part) => sum + part.buffer1[1], 0);
      if (wanted.length - differing <= most) continue;
      most = wanted.length - differing;
      best = { at, length };
    }
  }
  return best;
}

/** A diff of one file with the least context (from three lines on) by which each hunk can be found. */
export function fileDiff(file: Pick<FilePatch, 'path' | 'creates'>, before: string, after: string): string {
  const lines = before.split('\n');
  for (let context = 3; ; context += 2) {
    const { hunks } = structuredPatch(file.path, file.path, before, after, '', '', { context });
    const unique = hunks.every(hunk => {
      const old = hunk.lines.filter(line => line[0] === ' ' || line[0] === '-').map(line => line.slice(1));
      return placesOf(lines, old).length === 1;
    });
    if (!unique && !file.creates && context < lines.length) continue;
    const names = file.creates ? ['/dev/null', `b/${file.path}`] : [`a/${file.path}`, `b/${file.path}`];
    const index = file.creates ? '' : `index ${blobName(before)}..${blobName(after)}\n`;
    const body = hunks.map(
      ({ oldStart, oldLines, newStart, newLines, lines: text }) =>
        `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n${text.join('\n')}\n`,
    );
    return `${index}--- ${names[0]}\n+++ ${names[1]}\n${body.join('')}`;
  }
}

/** The name git gives a content, shortened as in diffs. */
function blobName(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex').slice(0, 12);
}

/**
 * Applies the hunks of a diff to a text. A hunk is found by what it says, not by its line numbers: its old lines must
 * stand in the file exactly once and behind those of the hunk before. A hunk that is found nowhere, or in several
 * places, is an error that says where it nearly fits, since a mutation in the wrong place tests something else.
 */
import { applyPatch, type StructuredPatchHunk } from 'diff';
import { type FilePatch, type Hunk, PatchError } from './patch.js';

/** The text with all hunks applied. `name` is the diff's, for messages. */
export function applyFile(text: string, file: FilePatch, name: string): string {
  const lines = text.split('\n');
  const placed: StructuredPatchHunk[] = [];
  let behind = 0;
  let shift = 0;
  for (const hunk of file.hunks) {
    const at = locate(lines, file, hunk, name);
    if (at < behind)
      throw new PatchError(`${where(file, hunk, name)} belongs to line ${at + 1}, before the hunk in front of it`);
    const { before, after, parsed } = hunk;
    placed.push({ ...parsed, oldStart: at + 1, newStart: at + 1 + shift });
    behind = at + before.length;
    shift += after.length - before.length;
  }
  const result = applyPatch(text, {
    oldFileName: undefined,
    newFileName: undefined,
    oldHeader: '',
    newHeader: '',
    hunks: placed,
  });
  if (result === false) throw new PatchError(`${name}: the end of ${file.path} differs from what the diff expects`);
  return result;
}

/** The lines (from 0) at which all of `wanted` stand in `lines`. */
export function placesOf(lines: readonly string[], wanted: readonly string[]): number[] {
  const places: number[] = [];
  for (let at = 0; at + wanted.length <= lines.length; at++) {
    if (wanted.every((line, k) => lines[at + k] === line)) places.push(at);
  }
  return places;
}

function locate(lines: readonly string[], file: FilePatch, hunk: Hunk, name: string): number {
  if (hunk.before.length === 0) {
    if (file.creates) return 0;
    throw new PatchError(`${where(file, hunk, name)} has no line of context to be found by`);
  }
  const places = placesOf(lines, hunk.before);
  if (places.length === 1) return places[0]!;
  if (places.length > 1) {
    const list = places.map(at => at + 1).join(', ');
    throw new PatchError(`${where(file, hunk, name)} fits at lines ${list}; it needs more context`);
  }
  const { at, wrong } = nearest(lines, hunk.before);
  const found = lines[at + wrong];
  const instead = found === undefined ? 'the file ends' : `there is "${found.trim()}"`;
  throw new PatchError(
    `${where(file, hunk, name)} does not apply: nearest is line ${at + 1}, but at line ${at + wrong + 1} ${instead} ` +
      `instead of "${hunk.before[wrong]!.trim()}"`,
  );
}

/** Where most lines of a hunk agree in place, and the first that does not. */
function nearest(lines: readonly string[], wanted: readonly string[]): { at: number; wrong: number } {
  let best = 0;
  let most = -1;
  for (let at = 0; at < lines.length; at++) {
    const agreeing = wanted.reduce((sum, line, k) => sum + (line.trim() !== '' && lines[at + k] === line ? 1 : 0), 0);
    if (agreeing > most) {
      most = agreeing;
      best = at;
    }
  }
  return { at: best, wrong: wanted.findIndex((line, k) => lines[best + k] !== line) };
}

function where(file: FilePatch, hunk: Hunk, name: string): string {
  return `${name}:${hunk.line}: hunk ${hunk.number} of ${file.path}`;
}

/**
 * Reads a unified diff against `impl/`, and says by name what is wrong with one that cannot be used. The lines before the
 * first file that look like `# name: value` are the diff's own words about itself (`slug`, `kills` …); everything else
 * in front is prose. Covers changed and new files; renamed, removed and binary files are refused, because a mutation
 * that needs one is a different program.
 */
import { basename } from 'node:path';
import { parsePatch, type StructuredPatch, type StructuredPatchHunk } from 'diff';

/** A diff that cannot be used. The message names the diff, its line, and the file and hunk concerned. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}

/** One hunk with the line of the diff that starts it. */
export interface Hunk {
  /** Line of the diff that holds the hunk's `@@`, from 1. */
  readonly line: number;
  /** The hunk's place among those of its file, from 1. */
  readonly number: number;
  /** What the file must hold, and what stands there afterwards. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** As the library reads it; its line numbers mean nothing here. */
  readonly parsed: StructuredPatchHunk;
}

/** What a diff does to one file. */
export interface FilePatch {
  /** Relative to the package: `impl/iomap/read.ts`. */
  readonly path: string;
  readonly creates: boolean;
  readonly hunks: readonly Hunk[];
  /** The name git gave the content the diff was made against, if the diff says so; possibly shortened. */
  readonly baseBlob: string | null;
}

export interface Patch {
  /** Where it was read from, for messages. */
  readonly name: string;
  /** What reports call it: its `slug` header, or its file's name. */
  readonly slug: string;
  /** `# name: value` lines before the first file. */
  readonly headers: ReadonlyMap<string, string>;
  /** Everything before the first file, to be kept when the diff is made anew. */
  readonly preamble: string;
  readonly files: readonly FilePatch[];
}

const HEADER = /^#\s*([\w-]+):\s*(.*?)\s*$/;

/** Reads a diff. Throws PatchError when it is none, or touches anything but TypeScript sources of `impl/`. */
export function readPatch(given: string, name: string): Patch {
  // The sources have plain line ends, whatever the diff came through on its way.
  const text = given.replaceAll('\r\n', '\n');
  const lines = text.split('\n');
  const parsed = parse(text, name).filter(file => file.hunks.length > 0 || file.isGit === true);
  if (parsed.length === 0) throw new PatchError(`${name}: no unified diff in it`);
  const hunkLines = lines.flatMap((line, index) => (/^@@\s/.test(line) ? [index + 1] : []));
  const blobs = baseBlobs(lines);
  const files: FilePatch[] = [];
  for (const file of parsed) {
    const path = patchedPath(file, name);
    if (files.some(earlier => earlier.path === path)) throw new PatchError(`${name}: ${path} appears twice`);
    const hunks = file.hunks.map((hunk, index) => readHunk(hunk, index + 1, hunkLines.shift() ?? 0));
    files.push({ path, creates: file.oldFileName === '/dev/null', hunks, baseBlob: blobs.get(path) ?? null });
  }
  const first = lines.findIndex(line => /^(diff |index [0-9a-f]+\.\.|--- )/.test(line));
  const preamble = lines.slice(0, first);
  const headers = new Map(
    preamble.flatMap(line => {
      const found = HEADER.exec(line);
      return found === null ? [] : [[found[1]!.toLowerCase(), found[2]!] as const];
    }),
  );
  const slug = headers.get('slug') ?? basename(name).replace(/\.(diff|patch)$/, '');
  return { name, slug, headers, preamble: preamble.map(line => `${line}\n`).join(''), files };
}

function parse(text: string, name: string): StructuredPatch[] {
  try {
    return parsePatch(text);
  } catch (error) {
    throw new PatchError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readHunk(parsed: StructuredPatchHunk, number: number, line: number): Hunk {
  const side = (mark: string): string[] =>
    parsed.lines.filter(text => text === '' || text[0] === ' ' || text[0] === mark).map(text => text.slice(1));
  return { line, number, before: side('-'), after: side('+'), parsed };
}

function patchedPath(file: StructuredPatch, name: string): string {
  const creates = file.oldFileName === '/dev/null';
  const shown = creates ? file.newFileName : file.oldFileName;
  if (shown === undefined) throw new PatchError(`${name}: a hunk without the name of its file`);
  const path = shown.replace(/^[ab]\//, '').replace(/^\.\//, '');
  if (file.isBinary === true) throw new PatchError(`${name}: ${path} is changed as a binary file`);
  if (file.newFileName === '/dev/null')
    throw new PatchError(`${name}: ${path} is removed; only changes can be applied`);
  if (file.isRename === true || file.isCopy === true)
    throw new PatchError(`${name}: ${path} is renamed or copied; only changes can be applied`);
  if (!/^impl\/(?!.*\.\.(\/|$)).*(?<!\.d|\.test)\.ts$/.test(path))
    throw new PatchError(`${name}: ${path} is not a source of impl/`);
  return path;
}

/** The blob each file was diffed against, from git's `index` lines. */
function baseBlobs(lines: readonly string[]): ReadonlyMap<string, string> {
  const blobs = new Map<string, string>();
  let blob: string | null = null;
  for (const line of lines) {
    const index = /^index ([0-9a-f]{7,64})\.\.[0-9a-f]+/.exec(line);
    if (index !== null) blob = index[1]!;
    const file = /^--- a\/(\S+)/.exec(line);
    if (file !== null && blob !== null) blobs.set(file[1]!, blob);
    if (file !== null) blob = null;
  }
  return blobs;
}

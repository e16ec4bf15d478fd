/**
 * What must be known besides the lines of an fsx log: seed and longest file (they make the fill), block size, direct
 * mode, scribbling. It stands in the `.json` beside the log, or is said on the command line; what is said wins.
 */
import { geometryFault } from '../../model/contract/index.js';
import { shown, TraceError } from '../format/errors.js';
import { parseDocument } from '../format/json.js';
import type { RecordedState } from '../format/trace.js';
import { recordedGeometry } from './geometry.js';

export interface Checkpoint {
  readonly afterLine: number;
  readonly size: number;
  readonly sha256: string;
}

export interface FsxFacts {
  readonly seed: number;
  readonly maxFileLen: number;
  readonly blockSize: number;
  readonly pageSize: number;
  /** Reads and writes were direct (`-Z`). */
  readonly direct: boolean;
  /** fsx stored garbage behind the end before size changes (`-e 1`). */
  readonly pollute: boolean;
  /** The final state, null if it is not known, and the states on the way. */
  readonly expected: RecordedState | null;
  readonly checkpoints: readonly Checkpoint[];
}

/** What the command line says; null where it says nothing. */
export interface FsxSaid {
  readonly seed: number | null;
  readonly maxFileLen: number | null;
  readonly blockSize: number | null;
  readonly direct: boolean | null;
}

export const NOTHING_SAID: FsxSaid = { seed: null, maxFileLen: null, blockSize: null, direct: null };

/** fsx's own longest file, and the block size that mkfs takes. */
const FSX_LENGTH = 262_144;
const MKFS_BLOCK = 4096;

interface Sidecar {
  readonly seed?: unknown;
  readonly maxFileLen?: unknown;
  readonly blockSize?: unknown;
  readonly pageSize?: unknown;
  readonly fsxOptions?: unknown;
  readonly expected?: unknown;
}

/** `sidecar` is the text of the `.json` beside the log, or null if there is none; `name` the log's. */
export function fsxFacts(name: string, sidecar: { name: string; text: string } | null, said: FsxSaid): FsxFacts {
  const json = sidecar === null ? {} : parseSidecar(sidecar);
  const at = sidecar?.name ?? name;
  const seed = said.seed ?? whole(json.seed, at, 'seed', null);
  if (seed === null && sidecar !== null) throw new TraceError(at, 1, 'a field "seed", or --fsx-seed N', 'neither');
  if (seed === null)
    throw new TraceError(
      name,
      0,
      `the .json of the same name beside it, or --fsx-seed N with --fsx-max-len N, --block-size N and --direct where they are not ${FSX_LENGTH}, ${MKFS_BLOCK} and buffered`,
      'neither: the seed of the fill is missing',
    );
  const options = optionsOf(json.fsxOptions, at);
  const expected = expectedOf(json.expected, at);
  const blockSize = said.blockSize ?? whole(json.blockSize, at, 'blockSize', MKFS_BLOCK);
  const pageSize = whole(json.pageSize, at, 'pageSize', 4096);
  const fault = geometryFault(recordedGeometry(blockSize, pageSize));
  if (fault !== null) throw new TraceError(at, 0, 'a geometry that can be used', `one that cannot: ${fault}`);
  return {
    seed,
    maxFileLen: said.maxFileLen ?? whole(json.maxFileLen, at, 'maxFileLen', FSX_LENGTH),
    blockSize,
    pageSize,
    direct: said.direct ?? options.includes('-Z'),
    pollute: options.includes('-e') && options[options.indexOf('-e') + 1] !== '0',
    expected: expected?.state ?? null,
    checkpoints: expected?.checkpoints ?? [],
  };
}

function parseSidecar(sidecar: { name: string; text: string }): Sidecar {
  const json = parseDocument(sidecar.text, sidecar.name);
  if (typeof json !== 'object' || json === null) throw new TraceError(sidecar.name, 0, 'a JSON object', shown(json));
  return json;
}

function whole<T extends number | null>(value: unknown, file: string, field: string, otherwise: T): number | T {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new TraceError(file, 0, `${field} to be a whole number of at least 0`, shown(value));
  return value;
}

function optionsOf(value: unknown, file: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new TraceError(file, 0, 'fsxOptions to be a list', shown(value));
  return value;
}

function expectedOf(
  value: unknown,
  file: string,
): { readonly state: RecordedState; readonly checkpoints: readonly Checkpoint[] } | null {
  if (value === undefined) return null;
  if (typeof value !== 'object' || value === null)
    throw new TraceError(file, 0, 'expected to be an object', shown(value));
  const { size, sha256, extents, seekCached, seekCold, allocated512, checkpoints } = value as Readonly<
    Record<string, unknown>
  >;
  const state = { size, sha256, extents, seekCached, seekCold, blocks512: allocated512 };
  const known = Object.entries(state).filter(([, part]) => part !== undefined);
  for (const [index, checkpoint] of ((checkpoints ?? []) as readonly Partial<Checkpoint>[]).entries())
    for (const field of ['afterLine', 'size', 'sha256'] as const)
      if (checkpoint[field] === undefined)
        throw new TraceError(file, 0, `checkpoint ${index + 1} to have a field "${field}"`, shown(checkpoint));
  return {
    state: Object.fromEntries(known) as RecordedState,
    checkpoints: (checkpoints ?? []) as readonly Checkpoint[],
  };
}

/**
 * What must be known besides the lines of an fsx log: seed and longest file (they make the fill), block size, direct
 * mode, scribbling. It stands in the `.json` beside the log, or is said on the command line; what is said wins.
 */
import { geometryFault } from '../../model/contract/index.js';
import { DocumentLines } from '../format/document-lines.js';
import { shown, TraceError } from '../format/errors.js';
import { parseDocument } from '../format/json.js';
import type { RecordedState } from '../format/trace.js';
import { validate } from '../format/validate.js';
import { recordedGeometry } from './geometry.js';

/** How the file of a log is called. */
export const FSX_FILE = 'testfile';

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

/** fsx's own longest file, the block size that mkfs takes, and the page size of most machines. */
const FSX_LENGTH = 262_144;
const MKFS_BLOCK = 4096;
const PAGE = 4096;

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
  const reading = new SidecarReading(sidecar ?? { name, text: '{}' });
  const seed = said.seed ?? reading.whole('seed', null);
  if (seed === null && sidecar !== null) throw reading.error([], 'a field "seed", or --fsx-seed N', 'neither');
  if (seed === null)
    throw new TraceError(
      name,
      0,
      `the .json of the same name beside it, or --fsx-seed N with --fsx-max-len N, --block-size N and --direct where they are not ${FSX_LENGTH}, ${MKFS_BLOCK} and buffered`,
      'neither: the seed of the fill is missing',
    );
  const options = reading.options();
  const blockSize = said.blockSize ?? reading.whole('blockSize', MKFS_BLOCK);
  const pageSize = reading.whole('pageSize', PAGE);
  const wrong = geometryFault(recordedGeometry(blockSize, PAGE));
  const fault = wrong ?? geometryFault(recordedGeometry(blockSize, pageSize));
  if (fault !== null) {
    const [expected, got] = ['a geometry that can be used', `one that cannot: ${fault}`];
    if (wrong !== null && said.blockSize !== null) throw new TraceError(`--block-size ${blockSize}`, 0, expected, got);
    throw reading.error([wrong === null ? 'pageSize' : 'blockSize'], expected, got);
  }
  return {
    seed,
    maxFileLen: said.maxFileLen ?? reading.whole('maxFileLen', FSX_LENGTH),
    blockSize,
    pageSize,
    direct: said.direct ?? options.includes('-Z'),
    pollute: options.includes('-e') && options[options.indexOf('-e') + 1] !== '0',
    ...reading.states(),
  };
}

/** The `.json` of a log, each part of which may be missing. */
class SidecarReading {
  private readonly json: Sidecar;
  private readonly name: string;
  private readonly lines: DocumentLines;

  constructor({ name, text }: { readonly name: string; readonly text: string }) {
    const json = parseDocument(text, name);
    this.name = name;
    this.lines = new DocumentLines(text);
    if (!isObject(json)) throw this.error([], 'a JSON object', shown(json));
    this.json = json;
  }

  error(path: readonly (string | number)[], expected: string, got: string): TraceError {
    return new TraceError(this.name, this.lines.of(...path), expected, got);
  }

  whole<T extends number | null>(field: 'seed' | 'maxFileLen' | 'blockSize' | 'pageSize', otherwise: T): number | T {
    const value = this.json[field];
    if (value === undefined) return otherwise;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw this.error([field], `${field} to be a whole number of at least 0`, shown(value));
    return value;
  }

  options(): readonly unknown[] {
    const { fsxOptions = [] } = this.json;
    if (!Array.isArray(fsxOptions)) throw this.error(['fsxOptions'], 'fsxOptions to be a list', shown(fsxOptions));
    return fsxOptions;
  }

  /** What the file was like at the end and on the way. */
  states(): Pick<FsxFacts, 'expected' | 'checkpoints'> {
    const { expected } = this.json;
    if (expected === undefined) return { expected: null, checkpoints: [] };
    if (!isObject(expected)) throw this.error(['expected'], 'expected to be an object', shown(expected));
    const { size, sha256, extents, seekCached, seekCold, allocated512, checkpoints = [] } = expected;
    const parts = { size, sha256, extents, seekCached, seekCold, blocks512: allocated512 };
    const known = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
    if (!Array.isArray(checkpoints))
      throw this.error(['expected', 'checkpoints'], 'checkpoints to be a list', shown(checkpoints));
    return {
      expected: this.state(known, ['expected']),
      checkpoints: checkpoints.map((checkpoint, index) => this.checkpoint(checkpoint, index)),
    };
  }

  private checkpoint(checkpoint: unknown, index: number): Checkpoint {
    const path = ['expected', 'checkpoints', index];
    const fields = isObject(checkpoint) ? checkpoint : {};
    for (const field of ['afterLine', 'size', 'sha256'])
      if (fields[field] === undefined)
        throw this.error(path, `checkpoint ${index + 1} to have a field "${field}"`, shown(checkpoint));
    const { afterLine, size, sha256 } = fields;
    if (typeof afterLine !== 'number' || !Number.isSafeInteger(afterLine) || afterLine < 1)
      throw this.error([...path, 'afterLine'], 'afterLine to be the number of a line', shown(afterLine));
    return { afterLine, ...(this.state({ size, sha256 }, path) as Pick<Checkpoint, 'size' | 'sha256'>) };
  }

  private state(state: object, path: readonly (string | number)[]): RecordedState {
    validate('expectation', { expect: FSX_FILE, ...state }, this.name, this.lines.of(...path));
    return state as RecordedState;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

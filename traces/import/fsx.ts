/**
 * An fsx operation log as a trace. The operation of line N is called N, so that a report speaks of lines; skipped lines
 * did nothing but count. What fsx does without logging it is added: stores behind the end of the file before its size
 * changes (`-e 1`), named from the next power of ten above the number of lines.
 */
import { type Call, CallFlag, type Data, makeCall, roundUp } from '../../model/contract/index.js';
import { shown, TraceError } from '../format/errors.js';
import type { RecordedAnswer, Trace, TraceLine } from '../format/trace.js';
import { FSX_FILE, type FsxFacts } from './fsx-facts.js';
import { recordedGeometry } from './geometry.js';
import { lookUp } from './look-up.js';

/** A line, parsed. `size` is the file's size before it. */
interface Entry {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly destination: number;
  readonly size: number;
  readonly keepSize: boolean;
  readonly unshare: boolean;
}

/** How an operation of the log becomes a call. `grows`: it can end behind the end of the file. */
interface FsxOperation {
  readonly destination?: true;
  readonly call: (entry: Entry, fill: Data, facts: FsxFacts) => Omit<Partial<Call>, 'name'> & { name: Call['name'] };
  /** The new end of the file if it changes, -1 if the operation leaves it alone; for scribbles. */
  readonly end: (entry: Entry) => number;
}

const range = (entry: Entry): { offset: number; length: number } => ({ offset: entry.offset, length: entry.length });
const fromTo = (entry: Entry): { offset: number; length: number; fromOffset: number } => ({
  offset: entry.destination,
  length: entry.length,
  fromOffset: entry.offset,
});
const keep = (entry: Entry): number => (entry.keepSize ? CallFlag.KEEP_SIZE : 0);
const unchanged = (): number => -1;
/** Operations that write: a scribble comes before those that start behind the end, up to their own end. */
const writing = (entry: Entry): number => (entry.offset > entry.size ? entry.offset + entry.length : -1);
const copying = (entry: Entry): number => (entry.destination > entry.size ? entry.destination + entry.length : -1);
const preallocating = (entry: Entry): number => (entry.keepSize ? -1 : writing(entry));
/** Shrinking, collapsing and inserting: to the end of the page. */
const wholePage = (): number => Number.POSITIVE_INFINITY;

const OPERATIONS_OF_FSX: Readonly<Record<string, FsxOperation>> = {
  read: {
    call: (entry, _fill, facts) => ({ name: facts.direct ? 'dread' : 'read', ...range(entry) }),
    end: unchanged,
  },
  write: {
    call: (entry, data, facts) => ({ name: facts.direct ? 'dwrite' : 'write', data, ...range(entry) }),
    end: writing,
  },
  write_atomic: {
    call: (entry, data) => ({ name: 'dwrite', data, ...range(entry), flags: CallFlag.ATOMIC }),
    end: writing,
  },
  mapread: {
    // fsx looks at the rest of the last page too, which must be zero.
    call: (entry, _fill, facts) => ({
      name: 'mapread',
      offset: entry.offset,
      length:
        entry.offset + entry.length === entry.size ? roundUp(entry.size, facts.pageSize) - entry.offset : entry.length,
    }),
    end: unchanged,
  },
  mapwrite: {
    call: (entry, data) => ({ name: 'mapwrite', data, ...range(entry), flags: CallFlag.MSYNC | CallFlag.GROW }),
    end: writing,
  },
  truncate: {
    call: entry => ({ name: 'truncate', size: entry.length }),
    end: entry => (entry.length > entry.size ? entry.length : Number.POSITIVE_INFINITY),
  },
  fallocate: {
    call: entry => ({ name: entry.unshare ? 'unshare' : 'falloc', ...range(entry), flags: keep(entry) }),
    end: preallocating,
  },
  punch_hole: { call: entry => ({ name: 'punch', ...range(entry) }), end: unchanged },
  zero_range: { call: entry => ({ name: 'zero', ...range(entry), flags: keep(entry) }), end: preallocating },
  collapse_range: { call: entry => ({ name: 'collapse', ...range(entry) }), end: wholePage },
  insert_range: { call: entry => ({ name: 'insert', ...range(entry) }), end: wholePage },
  clone_range: { destination: true, call: entry => ({ name: 'reflink', ...fromTo(entry) }), end: copying },
  dedupe_range: { destination: true, call: entry => ({ name: 'dedupe', ...fromTo(entry) }), end: unchanged },
  copy_range: { destination: true, call: entry => ({ name: 'copy', ...fromTo(entry) }), end: copying },
};
/** Known to fsx, but not to iomap: only skipped lines may have it. */
const FOREIGN = { exchange_range: { destination: true } } as const;

const FLAGS = ['keep_size', 'unshare', 'close_open'];

/** True if the text begins like an fsx log. */
export function looksLikeFsx(text: string): boolean {
  const first = text.split('\n', 1)[0] ?? '';
  return /^(skip )?[a-z_]+( 0x[0-9a-f]+){3,4}( [a-z_]+)*$/.test(first.trim());
}

/** The trace of a log; `name` is how errors and the header call it. */
export function importFsx(text: string, name: string, facts: FsxFacts): Trace {
  const source = text.split('\n');
  while (source.length > 0 && source.at(-1)?.trim() === '') source.pop();
  if (source.length === 0) throw new TraceError(name, 1, 'an operation', 'an empty file');
  const scribbles = 10 ** String(source.length).length;
  const checkpoints = new Map(facts.checkpoints.map(checkpoint => [checkpoint.afterLine, checkpoint]));
  const lines: TraceLine[] = [];
  source.forEach((line, index) => {
    const number = index + 1;
    const entry = parseEntry(line, name, number);
    if (entry !== null) {
      if (facts.pollute) {
        const scribble = scribbleBefore(entry, scribbles + number, facts);
        if (scribble !== null) lines.push({ kind: 'operation', call: scribble, answer: {} });
      }
      const fill = { fsx: number, seed: facts.seed, span: facts.maxFileLen };
      const { name: operation, ...fields } = operationOf(entry).call(entry, fill, facts);
      const call = makeCall(number, operation, 0, fields);
      lines.push({ kind: 'operation', call, answer: answerTo(call) });
    }
    const checkpoint = checkpoints.get(number);
    if (checkpoint !== undefined) {
      const { size, sha256 } = checkpoint;
      // A skipped line has no operation; the state is that after the one before it.
      const after = lines.findLast(({ kind }) => kind === 'operation');
      if (after?.kind === 'operation')
        lines.push({ kind: 'expectation', file: 0, after: after.call.id, state: { size, sha256 } });
    }
  });
  if (facts.expected !== null) lines.push({ kind: 'expectation', file: 0, after: null, state: facts.expected });
  return {
    header: {
      kernel: 'next',
      fs: 'xfs',
      options: { cowExtentBlocks: 32, preallocateFrom: 65_536, extentSizeHint: 0, reflink: true },
      geometry: recordedGeometry(facts.blockSize, facts.pageSize),
      device: { writeThrough: false },
      files: [FSX_FILE],
      origin: `fsx log ${name.replace(/^.*\//, '')}`,
    },
    lines,
    verdict: { kind: 'clean' },
  };
}

function operationOf(entry: Entry): FsxOperation {
  const operation = lookUp(OPERATIONS_OF_FSX, entry.name);
  if (operation === undefined) throw new Error(`${entry.name} was accepted but is not known`);
  return operation;
}

/** All runs passed: everything succeeded in full. A dedupe may have found the ranges equal or not. */
function answerTo(call: Call): RecordedAnswer {
  const transfers = /read$|write$/.test(call.name) || call.name === 'copy';
  return transfers ? { length: call.length } : {};
}

/** What `-e 1` stores before an operation: from the end of the file to the end of its page, or up to the new end. */
function scribbleBefore(entry: Entry, id: number, facts: FsxFacts): Call | null {
  const end = Math.min(operationOf(entry).end(entry), roundUp(entry.size, facts.pageSize));
  if (end <= entry.size) return null;
  return makeCall(id, 'mapwrite', 0, {
    offset: entry.size,
    length: end - entry.size,
    data: 1 + (id % 211),
    flags: CallFlag.BEYOND,
  });
}

function parseEntry(line: string, file: string, number: number): Entry | null {
  const words = line.trim().split(/\s+/);
  const skipped = words[0] === 'skip';
  if (skipped) words.shift();
  const name = words.shift() ?? '';
  const known = lookUp(OPERATIONS_OF_FSX, name);
  const foreign = Object.hasOwn(FOREIGN, name);
  if (known === undefined && !(foreign && skipped))
    throw new TraceError(
      file,
      number,
      'an operation of fsx that iomap has',
      name === '' ? 'an empty line' : shown(name),
    );
  const hasDestination = known?.destination === true || foreign;
  const numbers: number[] = [];
  while (words[0] !== undefined && /^-?(0x[0-9a-fA-F]+|\d+)$/.test(words[0])) {
    const word = words.shift() ?? '';
    const value = Number.parseInt(word, 16);
    if (value < 0 || !Number.isSafeInteger(value))
      throw new TraceError(file, number, 'a number of at least 0 and below 2^53', shown(word));
    numbers.push(value);
  }
  const wanted = hasDestination ? 4 : 3;
  if (numbers.length !== wanted)
    throw new TraceError(
      file,
      number,
      `offset, length${hasDestination ? ', destination' : ''} and size in hexadecimal digits`,
      words[0] === undefined ? `${numbers.length} numbers` : shown(words[0]),
    );
  const strange = words.find(word => !FLAGS.includes(word));
  if (strange !== undefined) throw new TraceError(file, number, `one of ${FLAGS.join(', ')}`, shown(strange));
  if (skipped) return null;
  return {
    name,
    offset: numbers[0] ?? 0,
    length: numbers[1] ?? 0,
    destination: hasDestination ? (numbers[2] ?? 0) : 0,
    size: numbers[wanted - 1] ?? 0,
    keepSize: words.includes('keep_size'),
    unshare: words.includes('unshare'),
  };
}

/**
 * The JSON schema of a line of a trace, made from the list of operations, so that the two cannot disagree. It is
 * published as `traces/schema/trace.schema.json` and is what the reader validates with. Every part that can be wrong has
 * a `description` that completes the sentence "expected … to be".
 */
import {
  type CallField,
  CHOICES,
  errnoName,
  LARGEST_FILE,
  LARGEST_TAG,
  OPERATION_NAMES,
  type OperationName,
  operationShape,
  POINT_NAMES,
} from '../../model/contract/index.js';
import { FAULT_LABELS, FILELESS, RANGE_OPTIONAL, TRACE_FORMAT, TRACE_VERSION } from './trace.js';

export type Schema = Readonly<Record<string, unknown>>;

const whole = (description: string, minimum: number, maximum: number): Schema => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
const oneOf = (description: string, values: readonly string[]): Schema => ({
  type: 'string',
  enum: values,
  description,
});
const bool: Schema = { type: 'boolean', description: 'true or false' };
const text = (description: string): Schema => ({ type: 'string', description });
const list = (description: string, items: Schema): Schema => ({ type: 'array', items, description });
const object = (
  description: string,
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
): Schema => ({ type: 'object', properties, required, additionalProperties: false, description });

/** A place in a file. What a recording has beyond 2^53 counts as infinitely far away, on either side. */
const position: Schema = { type: 'integer', description: 'a whole number' };
const length = whole('a whole number of at least 0 and at most 2^53 - 2^21', 0, LARGEST_FILE);
const count = whole('a whole number of at least 0', 0, Number.MAX_SAFE_INTEGER);
/** A fraction where blocks are smaller than 512 bytes. */
const blocks512: Schema = { type: 'number', minimum: 0, description: 'a number of at least 0' };
const name = whole('a whole number of at least 0 and below 1000000', 0, 999_999);
const task = whole('a task from 0 to 31', 0, 31);
const nth = whole('a whole number of at least 1 and at most 1000000000', 1, 1_000_000_000);
const file: Schema = { type: 'string', minLength: 1, description: 'the name of a file' };
/** The kernel has no errno beyond this. */
const LAST_ERRNO = 4095;
const errno = oneOf(
  'an errno of iomap',
  Array.from({ length: LAST_ERRNO }, (_, index) => errnoName(-1 - index)).filter(word => word.startsWith('E')),
);
const sha256: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'a SHA-256 in hexadecimal digits' };
const point = oneOf('the name of a yield point', POINT_NAMES);
const byte = whole('a byte', 0, 255);

const data: Schema = {
  description: `a data tag from 1 to ${LARGEST_TAG}, {"byte": b}, {"case": tag} or {"fsx": line, "seed": s, "span": n}`,
  anyOf: [
    whole('a data tag', 1, LARGEST_TAG),
    object('a constant byte', { byte }, ['byte']),
    object('the fill of the short cases', { case: count }, ['case']),
    object('the fill of fsx', { fsx: count, seed: count, span: whole('a length', 0, 2 ** 30) }, [
      'fsx',
      'seed',
      'span',
    ]),
  ],
};
const runs = list('a list of [byte, count]', {
  type: 'array',
  items: [byte, count],
  minItems: 2,
  additionalItems: false,
  description: '[byte, count]',
});
const extents = list(
  'a list of extents',
  object(
    'an extent',
    {
      offset: count,
      length: count,
      type: oneOf('"data", "unwritten" or "delalloc"', ['data', 'unwritten', 'delalloc']),
      shared: bool,
    },
    ['offset', 'length', 'type', 'shared'],
  ),
);
const seekMap = list(
  'a list of ranges',
  object('a range', { type: oneOf('"data" or "hole"', ['data', 'hole']), offset: count, length: count }, [
    'type',
    'offset',
    'length',
  ]),
);

const answer = object(
  'an answer',
  {
    errno,
    length: count,
    sha256,
    runs,
    offset: count,
    size: count,
    blocks512,
    extents,
    map: seekMap,
    status: oneOf('"same" or "differs"', ['same', 'differs']),
    bytes: count,
  },
  [],
);

const fieldSchemas: Readonly<Record<CallField, Schema>> = {
  offset: position,
  length,
  data,
  size: position,
  from: object('a source {"file", "offset"}', { file, offset: position }, ['offset']),
  accessible: length,
  errno,
};
const optionalFields: ReadonlySet<CallField> = new Set(['accessible']);

/** The fields an operation has besides its name and file, and those of them that must be there. */
function callFields(operation: OperationName): { properties: Record<string, Schema>; required: string[] } {
  const shape = operationShape(operation);
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const field of shape.fields) {
    properties[field] = fieldSchemas[field];
    const whole = RANGE_OPTIONAL.has(operation) && (field === 'offset' || field === 'length');
    if (!optionalFields.has(field) && !whole) required.push(field);
  }
  if (shape.flags.length > 0)
    properties['flags'] = list('a list of flags', oneOf(`one of ${shape.flags.join(', ')}`, shape.flags));
  return { properties, required };
}

function operationSchema(operation: OperationName): Schema {
  const { properties, required } = callFields(operation);
  return object(
    operationShape(operation).about,
    { op: name, task, call: { const: operation, description: operation }, file, ...properties, answer },
    ['op', 'call', ...(FILELESS.has(operation) ? [] : ['file']), ...required],
  );
}

/** `{"writeback": "a", "offset": 0, "length": 4096}`; operations of the whole file system have `"all"` for the file. */
function actionSchema(operation: OperationName): Schema {
  const { properties, required } = callFields(operation);
  const subject = FILELESS.has(operation) ? { const: 'all', description: '"all"' } : file;
  return object(operationShape(operation).about, { [operation]: subject, task, ...properties }, [
    operation,
    ...required,
  ]);
}

const header = object(
  'a header',
  {
    format: { const: TRACE_FORMAT, description: `"${TRACE_FORMAT}"` },
    version: whole(`a version from 1 to ${TRACE_VERSION}`, 1, TRACE_VERSION),
    kernel: oneOf('"6.11" or "next"', ['6.11', 'next']),
    fs: text('the name of a file system'),
    options: object(
      'options of the file system',
      {
        cowExtentBlocks: count,
        preallocateFrom: whole('a size in bytes, or -1', -1, Number.MAX_SAFE_INTEGER),
        extentSizeHint: count,
        reflink: bool,
      },
      [],
    ),
    geometry: object(
      'a geometry',
      { blockSize: count, pageSize: count, maxFolioSize: count, sectorSize: count, deviceBlocks: count },
      [],
    ),
    device: object('what the device is like', { writeThrough: bool }, []),
    files: {
      type: 'array',
      items: file,
      minItems: 1,
      maxItems: 256,
      uniqueItems: true,
      description: 'a list of one to 256 different file names',
    },
    poison: object(
      'the poisons',
      {
        device: { const: 0xee, description: '238, the only device poison there is' },
        memory: { const: 0xdd, description: '221, the only memory poison there is' },
      },
      [],
    ),
    origin: text('a text'),
  },
  ['format', 'version'],
);

const directive = object(
  'a directive',
  {
    at: object('a place', { op: name, point, nth }, ['op']),
    do: { type: 'array', minItems: 1, items: { type: 'object' }, description: 'a list of actions' },
  },
  ['at', 'do'],
);

const expectation = object(
  'an expectation',
  {
    expect: file,
    after: name,
    size: count,
    sha256,
    runs,
    extents,
    seekCached: seekMap,
    seekCold: seekMap,
    blocks512,
  },
  ['expect'],
);

const clean = object('a verdict', { verdict: { const: 'clean', description: '"clean" or "violation"' } }, ['verdict']);
const violation = object(
  'a verdict',
  {
    verdict: { const: 'violation', description: '"clean" or "violation"' },
    id: text('the id of a rule'),
    signature: text('a signature'),
    message: text('a message'),
    op: whole('the name of an operation, or -1', -1, Number.MAX_SAFE_INTEGER),
  },
  ['verdict', 'id', 'signature', 'message', 'op'],
);

const faultLabels = [...FAULT_LABELS, 'bio'];
const valueLabels = Object.keys(CHOICES).filter(label => !faultLabels.includes(label) && label !== 'bio-status');

/** Actions that are not calls. */
const otherActions: Readonly<Record<string, Schema>> = {
  run: object('another task goes on', { run: task, until: point, nth }, ['run']),
  io: object(
    'the completion of a bio',
    { io: oneOf('one of read, write, flush', ['read', 'write', 'flush']), file, offset: position, length },
    ['io'],
  ),
  fault: object(
    'a failure',
    { fault: oneOf(`one of ${faultLabels.join(', ')}`, faultLabels), is: nth, errno, file, offset: position, length },
    ['fault'],
  ),
  crash: object(
    'a crash',
    {
      crash: oneOf('"these" or "any"', ['these', 'any']),
      survive: list(
        'a list of writes',
        object(
          'a write',
          {
            carries: oneOf('one of data, log, metadata', ['data', 'log', 'metadata']),
            file,
            offset: position,
            length,
            nth,
            sectors: list('a list of sectors', count),
          },
          ['carries'],
        ),
      ),
    },
    ['crash'],
  ),
  value: object('a choice', { value: oneOf(`one of ${valueLabels.join(', ')}`, valueLabels), is: nth }, [
    'value',
    'is',
  ]),
};

/** The schemas by what they describe: line kinds, operations (`operation:write`) and actions (`action:writeback`). */
export const DEFINITIONS: Readonly<Record<string, Schema>> = {
  header,
  directive,
  expectation,
  'verdict:clean': clean,
  'verdict:violation': violation,
  'operation:seekMap': object(
    'seekData and seekHole in turn, from 0 to the end',
    { op: name, task, call: { const: 'seekMap', description: 'seekMap' }, file, answer },
    ['op', 'call', 'file'],
  ),
  ...Object.fromEntries(OPERATION_NAMES.map(operation => [`operation:${operation}`, operationSchema(operation)])),
  ...Object.fromEntries(OPERATION_NAMES.map(operation => [`action:${operation}`, actionSchema(operation)])),
  ...Object.fromEntries(Object.entries(otherActions).map(([key, schema]) => [`action:${key}`, schema])),
};

/** The published document: one schema that every line of a trace fits. */
export function publishedSchema(): Schema {
  const reference = (definition: string): Schema => ({ $ref: `#/$defs/${definition}` });
  const names = Object.keys(DEFINITIONS);
  const actions = names.filter(definition => definition.startsWith('action:'));
  const operations = names.filter(definition => definition.startsWith('operation:'));
  const closed = {
    ...directive,
    properties: {
      ...(directive['properties'] as Schema),
      do: { type: 'array', minItems: 1, items: { anyOf: actions.map(reference) }, description: 'a list of actions' },
    },
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A line of an iomap-trace, version 1',
    description:
      'Newline-delimited JSON: a header, operations with directives and expectations among them, and a verdict as the last line.',
    anyOf: ['header', ...operations, 'directive', 'expectation', 'verdict:clean', 'verdict:violation'].map(reference),
    $defs: { ...DEFINITIONS, directive: closed },
  };
}

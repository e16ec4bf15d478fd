import test from 'ava';
import { implementation } from '../../impl/index.js';
import { makeCall, type OperationName, type TargetFactory } from '../../model/contract/index.js';
import { countSteps, readTrace, type Trace, type TraceLine, writeTrace } from '../../traces/format/index.js';
import { replayOnTarget } from '../replay/replay.js';
import { withFault, wrongAfterPunchAndWrite } from '../testing/planted.js';
import { shrinkTrace } from './index.js';

const xfs = implementation['xfs'] as TargetFactory;
const faulty = withFault(xfs, wrongAfterPunchAndWrite);
const NAMES: readonly OperationName[] = [
  'write',
  'read',
  'truncate',
  'fsync',
  'zero',
  'punch',
  'falloc',
  'read',
  'write',
];

/** A busy program over two files in a tiny geometry. */
function busy(): Trace {
  const empty = readTrace(
    '{"format":"iomap-trace","version":1,"files":["a","b"],"geometry":{"blockSize":16,"pageSize":64,"maxFolioSize":256,"sectorSize":16,"deviceBlocks":512}}\n{"verdict":"clean"}\n',
    'busy',
  );
  const lines = Array.from({ length: 80 }, (_, index): TraceLine => {
    const fields = {
      offset: (index * 37) % 300,
      length: 1 + ((index * 13) % 70),
      data: 1 + index,
      size: (index * 61) % 400,
    };
    return {
      kind: 'operation',
      call: makeCall(index + 1, NAMES[index % NAMES.length]!, index % 2, fields),
      answer: null,
    };
  });
  return { ...empty, lines };
}

test('a fault planted in the implementation shrinks to three plain steps, and the small trace reproduces it', t => {
  const small = shrinkTrace(busy(), faulty);
  t.is(countSteps(small), 3, writeTrace(small));
  t.deepEqual(
    small.lines.map(line => (line.kind === 'operation' ? line.call.name : line.kind)),
    ['punch', 'write', 'read'],
  );
  t.is(replayOnTarget(small, 'small', 'impl', faulty, null).verdict, 'reproduced');
  t.is(replayOnTarget(small, 'small', 'impl', xfs, null).verdict, 'clean');
  t.deepEqual(shrinkTrace(busy(), faulty), small);
});

test('a trace that does not fail stays as it is', t => {
  t.deepEqual(shrinkTrace(busy(), xfs), busy());
});

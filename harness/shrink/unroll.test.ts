import test from 'ava';
import { readTrace, writeTrace } from '../../traces/format/index.js';
import { unrolled } from './unroll.js';

const TEXT = `{"format":"iomap-trace","version":1,"files":["a"]}
{"op":1,"task":1,"call":"write","file":"a","offset":0,"length":4096,"data":1}
{"at":{"op":1,"point":"Y-BW2","nth":1},"do":[{"run":2,"until":"Y-BW5"}]}
{"op":2,"task":2,"call":"read","file":"a","offset":0,"length":4096}
{"op":3,"task":4,"call":"writeback","file":"a"}
{"verdict":"clean"}
`;

function programs(text: string): string[] {
  return [...unrolled(readTrace(text, 'a test'))].map(trace =>
    writeTrace(trace)
      .split('\n')
      .slice(1, -2)
      .map(line => line.replaceAll(/,"(offset|length|data|file)":("a"|\d+)/g, ''))
      .join('\n'),
  );
}

test('a call of another task is done in the middle without a call, before it, or to its end', t => {
  t.deepEqual(programs(TEXT), [
    `{"op":1,"task":1,"call":"write"}
{"at":{"op":1,"point":"Y-BW2","nth":1},"do":[{"read":"a","task":2}]}
{"op":3,"task":4,"call":"writeback"}`,
    `{"op":2,"task":2,"call":"read"}
{"op":1,"task":1,"call":"write"}
{"op":3,"task":4,"call":"writeback"}`,
    `{"op":1,"task":1,"call":"write"}
{"at":{"op":1,"point":"Y-BW2","nth":1},"do":[{"run":2}]}
{"op":2,"task":2,"call":"read"}
{"op":3,"task":4,"call":"writeback"}`,
  ]);
});

test('background work becomes an action of nobody', t => {
  const [first] = programs(TEXT.replace('"run":2,"until":"Y-BW5"', '"run":4'));
  t.regex(first!, /"do":\[\{"writeback":"a"\}\]/);
});

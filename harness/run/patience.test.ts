import test from 'ava';
import { Iomap, type IterationRecord, IterStep } from '../../model/contract/index.js';
import { EndlessBegins, Patience } from './patience.js';

function at(serial: number, pos: number): IterationRecord {
  const iomap = new Iomap();
  const nothing = { flags: 0, length: 1, start: pos, asked: 1, effective: 1, written: 0, status: 0, error: 0 };
  return { serial, task: 1, file: 0, pos, ...nothing, iomap, srcmap: iomap };
}

function begins(times: number, record: (i: number) => IterationRecord): () => void {
  return () => {
    const patience = new Patience();
    for (let i = 0; i < times; i++) patience.hear(IterStep.beginning, record(i));
  };
}

test('an iteration may begin often at one position, but not for ever', t => {
  t.notThrows(begins(1_000, () => at(1, 0)));
  t.throws(
    begins(100_000, () => at(1, 0)),
    { instanceOf: EndlessBegins },
  );
});

test('progress, or somebody else in between, starts the count anew', t => {
  t.notThrows(begins(100_000, i => at(1, i)));
  t.notThrows(begins(100_000, i => at(1 + (i % 2), 0)));
});

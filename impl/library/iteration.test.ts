import test from 'ava';
import { EIO, ENOSPC, type Errno, type Iomap, MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import type { Iteration, IterationPoints, MapOps } from './iteration.js';
import { Bench } from './testing/scripted.js';

const NOWHERE: IterationPoints = { before: null, after: null, beforeEnd: null, afterEnd: null };

/** Iterates over [0, 64) with a body, and returns what the iteration returned and what end was told. */
function iterate(
  answer: (iomap: Iomap, pos: number) => Errno,
  body: (iteration: Iteration) => void,
  ended: (written: number) => Errno = () => 0,
): { result: number; ends: string[]; begins: number; pos: number } {
  const bench = new Bench();
  const ends: string[] = [];
  let begins = 0;
  const ops: MapOps = {
    begin(_, pos, _length, _flags, iomap) {
      begins++;
      return answer(iomap, pos);
    },
    end(_, pos, length, written) {
      ends.push(`${pos} ${length} ${written}`);
      return ended(written);
    },
  };
  const { iterations } = bench.platform;
  const iteration = iterations.take(bench.context, bench.inode, ops, 0, 64, OpFlag.WRITE);
  let result: number;
  while ((result = bench.run(iteration.next(NOWHERE))) > 0) body(iteration);
  return { result, ends, begins, pos: iteration.pos };
}

function block(iomap: Iomap, pos: number): Errno {
  iomap.offset = pos - (pos % 16);
  iomap.length = 16;
  iomap.type = MapType.MAPPED;
  iomap.addr = iomap.offset;
  return 0;
}

test('each mapping is begun and ended once, and the last end finishes the iteration', t => {
  const seen = iterate(block, iteration => iteration.skip());
  t.like(seen, { result: 0, begins: 4, pos: 64 });
  t.deepEqual(seen.ends, ['0 16 16', '16 16 16', '32 16 16', '48 16 16']);
});

test('a body that does nothing ends the iteration silently', t => {
  t.like(
    iterate(block, () => {}),
    { result: 0, begins: 1, ends: ['0 16 0'] },
  );
});

test('a stale mapping is fetched again, with or without progress', t => {
  let times = 0;
  const seen = iterate(block, iteration => {
    if (times++ < 3) iteration.iomap.flags |= MapFlag.STALE;
    else iteration.skip();
  });
  t.like(seen, { result: 0, begins: 7, pos: 64 });
});

test('an errno of the body is returned with the progress told to end', t => {
  const seen = iterate(block, iteration => {
    iteration.advance(4);
    iteration.status = EIO;
  });
  t.like(seen, { result: EIO, ends: ['0 16 4'], pos: 4 });
});

test('an errno of end hides the errno of a body without progress, and is lost after progress', t => {
  const without = iterate(
    block,
    iteration => {
      iteration.status = EIO;
    },
    () => ENOSPC,
  );
  t.is(without.result, ENOSPC);
  const after = iterate(
    block,
    iteration => iteration.skip(),
    () => ENOSPC,
  );
  t.like(after, { result: 0, pos: 64 });
});

test('a begin that fails is not ended', t => {
  t.like(
    iterate(
      () => ENOSPC,
      iteration => iteration.skip(),
    ),
    { result: ENOSPC, begins: 1, ends: [] },
  );
});

const hostile: Record<string, (iomap: Iomap) => void> = {
  'of length zero': iomap => {
    iomap.length = 0;
  },
  'that does not cover the position': iomap => {
    iomap.offset = 16;
  },
  'that is stale already': iomap => {
    iomap.flags = MapFlag.STALE;
  },
  'with a negative address': iomap => {
    iomap.addr = -1;
  },
  'that is a hole with an address': iomap => {
    iomap.type = MapType.HOLE;
  },
  'that ends beyond all numbers': iomap => {
    iomap.length = Number.MAX_SAFE_INTEGER + 2;
  },
};
for (const [what, spoil] of Object.entries(hostile)) {
  test(`a mapping ${what} ends the operation with an error, its end called once and its body never`, t => {
    const seen = iterate(
      (iomap, pos) => {
        block(iomap, pos);
        spoil(iomap);
        return 0;
      },
      () => t.fail('the body ran'),
    );
    t.like(seen, { result: EIO, begins: 1 });
    t.is(seen.ends.length, 1);
  });
}

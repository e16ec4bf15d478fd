/**
 * What a real XFS showed after a shutdown that did not flush the log (kernel-facts.md 3.1): every row's outcome is in the
 * permitted set, with nothing later and with a later fsync of another file; states that a wrong file system would show
 * are not. And section 9: the gap of a shipping kernel is forbidden.
 */
import test from 'ava';
import { CallFlag } from '../../contract/index.js';
import { Block } from '../state/blocks.js';
import { CrashSession, type Runs } from '../testing/crash-session.js';
import type { Moment } from './moment.js';
import type { FileWindow, Window } from './window.js';

const A = 0x41;
const B = 0x42;
const P = 0xee;
const K = 4096;
const fill = (byte: number) => ({ byte });
const geometry = { blockSize: K, pageSize: K, maxFolioSize: 2 ** 21, sectorSize: 512, deviceBlocks: 4096 };

function begin(): CrashSession {
  return new CrashSession(geometry);
}

/** A file of 64 KiB that was synced. */
function synced(): CrashSession {
  const it = begin();
  it.do('write', { offset: 0, length: 65_536, data: fill(A) });
  it.do('fsync');
  return it;
}

interface Row {
  readonly step: string;
  readonly make: () => CrashSession;
  /** What XFS showed with nothing later, and after a later fsync of another file. */
  readonly seen: readonly [Runs, Runs];
  /** Never, with or without. */
  readonly never: readonly Runs[];
}

const whole: Runs = [[A, 65_536]];
const rows: readonly Row[] = [
  {
    step: 'buffered overwrite',
    make: () => after(synced(), it => it.do('write', { offset: 0, length: K, data: fill(B) })),
    seen: [whole, whole],
    never: [
      [
        [0, K],
        [A, 61_440],
      ],
      [
        [P, K],
        [A, 61_440],
      ],
    ],
  },
  {
    step: 'buffered append',
    make: () => after(synced(), it => it.do('write', { offset: 65_536, length: K, data: fill(B) })),
    seen: [whole, whole],
    never: [
      [
        [A, 65_536],
        [P, K],
      ],
      [
        [A, 65_536],
        [A, K],
      ],
      [[A, 65_535]],
    ],
  },
  {
    step: 'sync_range of an overwrite',
    make: () =>
      after(synced(), it => {
        it.do('write', { offset: 0, length: K, data: fill(B) });
        it.do('syncRange', { offset: 0, length: K });
      }),
    seen: [
      [
        [B, K],
        [A, 61_440],
      ],
      [
        [B, K],
        [A, 61_440],
      ],
    ],
    never: [
      [
        [B, K],
        [0, 61_440],
      ],
    ],
  },
  {
    step: 'sync_range of a new file',
    make: () =>
      after(begin(), it => {
        it.do('write', { offset: 0, length: K, data: fill(B) });
        it.do('syncRange', { offset: 0, length: K });
      }),
    seen: [[], [[B, K]]],
    never: [[[P, K]], [[B, K + 1]]],
  },
  {
    step: 'direct write, new file',
    make: () => after(begin(), it => it.do('dwrite', { offset: 0, length: K, data: fill(B) })),
    seen: [[], [[B, K]]],
    never: [[[P, K]], [[A, K]]],
  },
  {
    step: 'direct overwrite of written blocks',
    make: () => after(synced(), it => it.do('dwrite', { offset: 0, length: K, data: fill(B) })),
    seen: [
      [
        [B, K],
        [A, 61_440],
      ],
      [
        [B, K],
        [A, 61_440],
      ],
    ],
    never: [
      [
        [0, K],
        [A, 61_440],
      ],
    ],
  },
  {
    step: 'direct write into preallocated',
    make: () =>
      after(begin(), it => {
        it.do('falloc', { offset: 0, length: 65_536 });
        it.do('fsync');
        it.do('dwrite', { offset: 0, length: K, data: fill(B) });
      }),
    seen: [
      [[null, 65_536]],
      [
        [B, K],
        [null, 61_440],
      ],
    ],
    never: [
      [
        [P, K],
        [null, 61_440],
      ],
      [
        [B, K],
        [B, K],
        [null, 57_344],
      ],
      [],
    ],
  },
  {
    step: 'punch',
    make: () => after(synced(), it => it.do('punch', { offset: K, length: K })),
    seen: [
      whole,
      [
        [A, K],
        [null, K],
        [A, 57_344],
      ],
    ],
    never: [
      [
        [null, K],
        [A, 61_440],
      ],
    ],
  },
  {
    step: 'truncate',
    make: () => after(synced(), it => it.do('truncate', { size: 20_000 })),
    seen: [whole, [[A, 20_000]]],
    never: [[[A, 20_480]], [[A, 19_999]]],
  },
  {
    step: 'falloc',
    make: () => after(synced(), it => it.do('falloc', { offset: 65_536, length: K })),
    seen: [
      whole,
      [
        [A, 65_536],
        [null, K],
      ],
    ],
    never: [
      [
        [A, 65_536],
        [A, K],
      ],
    ],
  },
  {
    step: 'collapse',
    make: () => after(marked(), it => it.do('collapse', { offset: K, length: K })),
    seen: [
      [
        [A, K],
        [B, K],
        [A, K],
        [B, K],
      ],
      [
        [A, 2 * K],
        [B, K],
      ],
    ],
    never: [
      [
        [A, K],
        [P, K],
        [B, K],
      ],
    ],
  },
  {
    step: 'insert',
    make: () => after(marked(), it => it.do('insert', { offset: K, length: K })),
    seen: [
      [
        [A, K],
        [B, K],
        [A, K],
        [B, K],
      ],
      [
        [A, K],
        [null, K],
        [B, K],
        [A, K],
        [B, K],
      ],
    ],
    never: [
      [
        [A, K],
        [P, K],
        [B, K],
        [A, K],
        [B, K],
      ],
    ],
  },
  {
    step: 'punch, then buffered write into it',
    make: () =>
      after(synced(), it => {
        it.do('punch', { offset: K, length: K });
        it.do('write', { offset: K, length: K, data: fill(B) });
      }),
    seen: [
      whole,
      [
        [A, K],
        [null, K],
        [A, 57_344],
      ],
    ],
    never: [
      [
        [A, K],
        [P, K],
        [A, 57_344],
      ],
    ],
  },
  {
    step: 'unaligned punch 20000+10000',
    make: () => after(synced(), it => it.do('punch', { offset: 20_000, length: 10_000 })),
    seen: [
      whole,
      [
        [A, 20_480],
        [null, 8192],
        [A, 36_864],
      ],
    ],
    never: [
      [
        [A, 16_384],
        [null, 12_288],
        [A, 36_864],
      ],
    ],
  },
  {
    step: 'truncate to 20000, then up to 65536',
    make: () =>
      after(synced(), it => {
        it.do('truncate', { size: 20_000 });
        it.do('truncate', { size: 65_536 });
      }),
    seen: [
      [
        [A, 20_000],
        [0, 480],
        [A, 45_056],
      ],
      [
        [A, 20_000],
        [0, 480],
        [null, 45_056],
      ],
    ],
    never: [
      [
        [A, 20_480],
        [null, 45_056],
      ],
    ],
  },
  {
    step: 'mapped write, no msync',
    make: () => after(synced(), it => it.do('mapwrite', { offset: 0, length: K, data: fill(B) })),
    seen: [whole, whole],
    never: [
      [
        [P, K],
        [A, 61_440],
      ],
    ],
  },
];

/** Blocks a b a b, synced. */
function marked(): CrashSession {
  const it = begin();
  for (let i = 0; i < 4; i++) it.do('write', { offset: i * K, length: K, data: fill(i % 2 === 0 ? A : B) });
  it.do('fsync');
  return it;
}

function after(it: CrashSession, steps: (it: CrashSession) => unknown): CrashSession {
  steps(it);
  return it;
}

/** Another file is written and synced. */
function later(it: CrashSession): CrashSession {
  it.do('write', { offset: 0, length: K, data: fill(A) }, 2);
  it.do('fsync', {}, 2);
  return it;
}

for (const { step, make, seen, never } of rows) {
  test(`${step}: what XFS showed is permitted, what a wrong file system shows is not`, t => {
    t.is(make().crash({ 0: seen[0] })?.message, undefined, 'nothing later');
    t.is(later(make()).crash({ 0: seen[1], 2: [[A, K]] })?.message, undefined, 'later fsync');
    for (const runs of never) {
      t.not(make().crash({ 0: runs }), null, JSON.stringify(runs));
      t.not(later(make()).crash({ 0: runs, 2: [[A, K]] }), null, `${JSON.stringify(runs)} later`);
    }
  });
}

/** Models that are wrong: what was done is always durable; nothing is before it is synced; any bytes may be anywhere. */
const always = ofFiles(file => ({ ...file, base: file.last }));
const never = ofFiles(file => ({ ...file, last: file.base }));
const anything = ofFiles(file => ({ ...file, line: { ...file.line, moments: file.line.moments.map(lost) } }));

function ofFiles(wrong: (file: FileWindow) => FileWindow): (window: Window) => Window {
  return window => ({ ...window, files: window.files.map(wrong) });
}

function lost(moment: Moment): Moment {
  const chunks = moment.chunks.map(chunk => ({ ...chunk, state: chunk.state.map(state => state | Block.LOST) }));
  return { ...moment, chunks };
}

test('models that forbid what XFS showed fail in every row, and one that permits stale bytes fails', t => {
  let permissive = 0;
  for (const { step, make, seen, never: impossible } of rows) {
    const refused = [always, never].filter(wrong => make().crash({ 0: seen[0] }, Infinity, wrong) !== null);
    t.true(refused.length > 0, step);
    if (impossible.some(runs => make().crash({ 0: runs }, Infinity, anything) === null)) permissive++;
  }
  // In the other rows what is never seen is poison or a wrong size.
  t.is(permissive, 10);
});

const durable = ['msync', 'fsync', 'fdatasync'] as const;
for (const sync of durable)
  test(`a mapped write is there after ${sync}`, t => {
    const it = synced();
    it.do('mapwrite', { offset: 0, length: K, data: fill(B) });
    it.do(sync);
    t.is(
      it.crash({
        0: [
          [B, K],
          [A, 61_440],
        ],
      })?.message,
      undefined,
    );
    t.is(it.crash({ 0: whole })?.id, 'INV-61');
  });

for (const flags of [CallFlag.SYNC, CallFlag.DSYNC])
  test(`a write with ${flags === CallFlag.SYNC ? 'O_SYNC' : 'RWF_DSYNC'} is there when it returned`, t => {
    const it = synced();
    it.do('write', { offset: 0, length: K, data: fill(B), flags });
    t.is(
      it.crash({
        0: [
          [B, K],
          [A, 61_440],
        ],
      })?.message,
      undefined,
    );
    t.is(it.crash({ 0: whole })?.id, 'INV-61');
  });

test('metadata is durable in the order of the log: nothing shows a later change without an earlier one', t => {
  const it = synced();
  it.do('write', { offset: 0, length: 65_536, data: fill(A) }, 1);
  it.do('fsync', {}, 1);
  it.do('truncate', { size: K });
  it.do('truncate', { size: K }, 1);
  t.is(it.crash({ 0: [[A, K]], 1: [[A, 65_536]] })?.message, undefined);
  t.is(it.crash({ 0: [[A, 65_536]], 1: [[A, K]] })?.id, 'INV-62');
});

test('the gap of a shipping kernel is forbidden: cut-off bytes do not come back with a later extension', t => {
  const it = synced();
  it.do('truncate', { size: 20_000 });
  later(it);
  it.do('write', { offset: 20_480, length: K, data: fill(B) });
  it.do('syncRange', { offset: 20_480, length: K });
  later(it);
  const back: Runs = [
    [A, 20_480],
    [B, K],
  ];
  t.is(it.crash({ 0: back })?.id, 'INV-65');
  t.is(
    it.crash({
      0: [
        [A, 20_000],
        [0, 480],
        [B, K],
      ],
    })?.message,
    undefined,
  );
  t.is(it.crash({ 0: [[A, 20_000]] })?.message, undefined);
});

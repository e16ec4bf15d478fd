/**
 * The worked cases of crash.md section 12 as questions to the judge: every state of the column "allowed" is permitted, every
 * one of "forbidden" is not. 4096-byte blocks, 512-byte sectors; a and b are constant bytes.
 */
import test from 'ava';
import { CallFlag, DEVICE_POISON } from '../../contract/index.js';
import { CrashSession, type Runs } from '../testing/crash-session.js';
import { USUAL } from '../testing/session.js';

const A = 0x41;
const B = 0x42;
const C = 0x43;
const fill = (byte: number) => ({ byte });

/** A file of `n` bytes "a" that was synced. */
function synced(n: number): CrashSession {
  const it = new CrashSession(USUAL);
  it.do('write', { offset: 0, length: n, data: fill(A) });
  it.do('fsync');
  return it;
}

interface Case {
  readonly title: string;
  readonly make: () => CrashSession;
  readonly allowed: readonly Readonly<Record<number, Runs>>[];
  readonly forbidden: readonly (readonly [string, Readonly<Record<number, Runs>>])[];
}

const cases: readonly Case[] = [
  {
    title: '1: an append that was written back shows with its data or not at all',
    make() {
      const it = synced(50);
      it.do('write', { offset: 50, length: 100, data: fill(B) });
      return it;
    },
    allowed: [
      { 0: [[A, 50]] },
      {
        0: [
          [A, 50],
          [B, 100],
        ],
      },
    ],
    forbidden: [
      [
        'INV-65',
        {
          0: [
            [A, 50],
            [0, 100],
          ],
        },
      ],
      [
        'INV-64',
        {
          0: [
            [A, 50],
            [B, 101],
          ],
        },
      ],
      ['INV-61', { 0: [[A, 49]] }],
      [
        'INV-60',
        {
          0: [
            [A, 50],
            [C, 100],
          ],
        },
      ],
    ],
  },
  {
    title: '2: an unsynced write of two blocks shows any of them, or zeroes that were not converted',
    make() {
      const it = new CrashSession(USUAL);
      it.do('write', { offset: 0, length: 8192, data: fill(B) });
      return it;
    },
    allowed: [
      { 0: [] },
      { 0: [[B, 4096]] },
      { 0: [[B, 8192]] },
      {
        0: [
          [null, 4096],
          [B, 4096],
        ],
      },
      {
        0: [
          [B, 4096],
          [null, 4096],
        ],
      },
    ],
    forbidden: [
      ['INV-60', { 0: [[DEVICE_POISON, 4096]] }],
      [
        'INV-60',
        {
          0: [
            [B, 4096],
            [C, 4096],
          ],
        },
      ],
      ['INV-64', { 0: [[B, 8193]] }],
    ],
  },
  {
    title: '3: an overwrite in place shows each sector old or new',
    make() {
      const it = synced(8192);
      it.do('write', { offset: 0, length: 8192, data: fill(B) });
      return it;
    },
    allowed: [
      { 0: [[A, 8192]] },
      { 0: [[B, 8192]] },
      {
        0: [
          [A, 512],
          [B, 512],
          [A, 7168],
        ],
      },
    ],
    forbidden: [
      [
        'INV-61',
        {
          0: [
            [A, 4096],
            [0, 4096],
          ],
        },
      ],
      [
        'INV-60',
        {
          0: [
            [A, 4096],
            [C, 4096],
          ],
        },
      ],
      ['INV-61', { 0: [[A, 4096]] }],
    ],
  },
  {
    title: '4: after fdatasync only the new bytes',
    make() {
      const it = synced(8192);
      it.do('write', { offset: 0, length: 8192, data: fill(B) });
      it.do('fdatasync');
      return it;
    },
    allowed: [{ 0: [[B, 8192]] }],
    forbidden: [
      [
        'INV-61',
        {
          0: [
            [A, 512],
            [B, 7680],
          ],
        },
      ],
    ],
  },
  {
    title: '5: an overwrite of shared blocks leaves the other file alone',
    make() {
      const it = synced(8192);
      it.do('reflink', { offset: 0, length: 8192, fromFile: 0, fromOffset: 0 }, 1);
      it.do('sync');
      it.do('write', { offset: 0, length: 8192, data: fill(B) });
      return it;
    },
    allowed: [
      { 0: [[A, 8192]], 1: [[A, 8192]] },
      { 0: [[B, 8192]], 1: [[A, 8192]] },
      {
        0: [
          [A, 4096],
          [B, 4096],
        ],
        1: [[A, 8192]],
      },
    ],
    forbidden: [['INV-60', { 0: [[B, 8192]], 1: [[B, 8192]] }]],
  },
  {
    title: '6: a write into preallocated blocks shows whole or as zeroes',
    make() {
      const it = new CrashSession(USUAL);
      it.do('falloc', { offset: 0, length: 8192 });
      it.do('fsync');
      it.do('write', { offset: 1024, length: 512, data: fill(B) });
      return it;
    },
    allowed: [
      { 0: [[null, 8192]] },
      {
        0: [
          [0, 1024],
          [B, 512],
          [0, 2560],
          [null, 4096],
        ],
      },
    ],
    forbidden: [
      [
        'INV-60',
        {
          0: [
            [B, 1536],
            [0, 2560],
            [null, 4096],
          ],
        },
      ],
      [
        'INV-60',
        {
          0: [
            [0, 1024],
            [B, 1024],
            [0, 2048],
            [null, 4096],
          ],
        },
      ],
    ],
  },
  {
    title: '7: what was cut off never comes back with a later extension',
    make() {
      const it = synced(6000);
      it.do('truncate', { size: 100 });
      it.do('write', { offset: 5000, length: 10, data: fill(B) });
      return it;
    },
    allowed: [
      { 0: [[A, 6000]] },
      {
        0: [
          [A, 100],
          [0, 412],
          [A, 5488],
        ],
      },
      { 0: [[A, 100]] },
      {
        0: [
          [A, 100],
          [0, 3996],
        ],
      },
      {
        0: [
          [A, 100],
          [0, 3996],
          [0, 904],
          [B, 10],
        ],
      },
    ],
    forbidden: [
      ['INV-65', { 0: [[A, 4096]] }],
      [
        'INV-65',
        {
          0: [
            [A, 4096],
            [0, 904],
            [B, 10],
          ],
        },
      ],
      ['INV-65', { 0: [[A, 101]] }],
    ],
  },
  {
    title: '8: a punched block shows whole or as a hole',
    make() {
      const it = synced(4096);
      it.do('punch', { offset: 0, length: 4096 });
      return it;
    },
    allowed: [{ 0: [[A, 4096]] }, { 0: [[null, 4096]] }],
    forbidden: [['INV-60', { 0: [[C, 4096]] }]],
  },
  {
    title: '9: a direct write behind the end shows with its data or not at all',
    make() {
      const it = synced(4096);
      it.do('dwrite', { offset: 4096, length: 4096, data: fill(B) });
      return it;
    },
    allowed: [
      { 0: [[A, 4096]] },
      {
        0: [
          [A, 4096],
          [B, 4096],
        ],
      },
    ],
    forbidden: [
      [
        'INV-60',
        {
          0: [
            [A, 4096],
            [C, 4096],
          ],
        },
      ],
    ],
  },
  {
    title: '10: a direct overwrite with DSYNC is there when it returned',
    make() {
      const it = synced(4096);
      it.do('dwrite', { offset: 0, length: 4096, data: fill(B), flags: CallFlag.DSYNC });
      return it;
    },
    allowed: [{ 0: [[B, 4096]] }],
    forbidden: [['INV-61', { 0: [[A, 4096]] }]],
  },
  {
    title: '14: fsync of one file says nothing of the stores to another',
    make() {
      const it = synced(4096);
      it.do('write', { offset: 0, length: 4096, data: fill(A) }, 1);
      it.do('fsync', {}, 1);
      it.do('write', { offset: 0, length: 4096, data: fill(B) });
      it.do('write', { offset: 0, length: 4096, data: fill(B) }, 1);
      it.do('fsync');
      return it;
    },
    allowed: [
      { 0: [[B, 4096]], 1: [[A, 4096]] },
      { 0: [[B, 4096]], 1: [[B, 4096]] },
    ],
    forbidden: [['INV-61', { 0: [[A, 4096]], 1: [[A, 4096]] }]],
  },
];

for (const { title, make, allowed, forbidden } of cases) {
  test(`case ${title}`, t => {
    const it = make();
    for (const state of allowed) t.is(it.crash(state)?.message ?? null, null, JSON.stringify(state));
    for (const [id, state] of forbidden) {
      const found = it.crash(state);
      t.is(found?.id, id, `${JSON.stringify(state)}: ${found?.message ?? 'permitted'}`);
    }
  });
}

test('a violation says what was promised, by which sync, and what came back', t => {
  const it = synced(8192);
  it.do('write', { offset: 4096, length: 4096, data: fill(B) });
  it.do('fsync');
  const found = it.crash({
    0: [
      [A, 4096],
      [B, 904],
      [A, 3192],
    ],
  });
  t.is(
    found?.message,
    'fsync #4 returned 0 for bytes 0..8191; after the crash byte 5000 of file 0 shows write #1 (65); the file is 8192 bytes long, and held there 66 since write #3',
  );
});

import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { blockCode, brokenIn, compileBlockRules, concernedIn, decodeBlock } from './block-state.js';

testProp(
  'a block state survives being a number',
  [fc.nat(3), fc.nat(1), fc.nat(3), fc.nat(511), fc.boolean(), fc.boolean()],
  (t, data, shared, cow, cache, below, quiet) => {
    const code = blockCode(data, shared, cow, cache, (below ? 1 << 14 : 0) | (quiet ? 1 << 15 : 0));
    const state = decodeBlock(code);
    t.is(state.data, data);
    t.is(state.shared, shared === 1);
    t.is(state.cow, cow);
    t.is(state.uptodate, (cache & 2) !== 0);
    t.is(state.writable, (cache & 256) !== 0);
    t.is(state.below, below);
    t.is(state.quiet, quiet);
  },
);

test('the table says of each state which rules concern it and which are broken', t => {
  const table = compileBlockRules([
    { concerns: b => b.dirty, holds: b => b.uptodate },
    { concerns: b => b.quiet, holds: b => !b.writeback },
  ]);
  for (let code = 0; code < 1 << 16; code += 61) {
    const b = decodeBlock(code);
    t.is(concernedIn(table[code]!), Number(b.dirty) | (Number(b.quiet) << 1));
    t.is(brokenIn(table[code]!), Number(b.dirty && !b.uptodate) | (Number(b.quiet && b.writeback) << 1));
  }
});

import { fc, testProp } from '@fast-check/ava';
import { MEMORY_POISON } from '../../model/contract/index.js';
import { FolioMemory } from './folio-memory.js';

testProp(
  'folios are aligned, never overlap, and are poison when fresh, however they are taken and given back',
  [fc.array(fc.tuple(fc.nat(3), fc.nat(20)), { maxLength: 120 })],
  (t, steps) => {
    const memory = new FolioMemory(16, 128);
    const taken: { at: number; size: number }[] = [];
    for (const [order, choice] of steps) {
      if (choice > 12 && taken.length > 0) {
        const [folio] = taken.splice(choice % taken.length, 1);
        memory.bytes.fill(1, folio!.at, folio!.at + folio!.size);
        memory.free(folio!.at, folio!.size);
        continue;
      }
      const size = 16 << order;
      const at = memory.allocate(size);
      t.is(at % size, 0);
      t.true(taken.every(other => other.at >= at + size || other.at + other.size <= at));
      t.true(memory.bytes.subarray(at, at + size).every(byte => byte === MEMORY_POISON));
      taken.push({ at, size });
    }
    for (const folio of taken) memory.free(folio.at, folio.size);
    t.is(memory.allocate(128) % 128, 0);
  },
);

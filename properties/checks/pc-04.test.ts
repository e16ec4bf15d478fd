import test from 'ava';
import type { EventName } from '../../model/contract/index.js';
import { pc04 } from './pc-04.js';
import { B, GEOMETRY } from './testing/fake.js';
import { Rig } from './testing/rig.js';

function events(...list: readonly EventName[]): string | undefined {
  const rig = new Rig(pc04);
  const folio: readonly EventName[] = ['folio-add', 'folio-remove', 'writeback-folio', 'writeback-end'];
  return rig.call('write', {}, () => {
    for (const name of list) rig.emit(name, 0, folio.includes(name) ? GEOMETRY.maxFolioSize : 2 * B);
  })?.message;
}

test('a block that goes the ways of the chart is fine, stored to during its writeback too', t => {
  t.is(
    events('folio-add', 'uptodate', 'dirty', 'writeback-folio', 'clean', 'dirty', 'writeback-end', 'folio-remove'),
    undefined,
  );
});

test('a store makes all blocks of a folio without block state dirty, and only its own where there is one', t => {
  for (const hasBlockState of [false, true]) {
    const rig = new Rig(pc04);
    rig.file.cache(0, 4, 7).hasBlockState = hasBlockState;
    const finding = rig.call('write', {}, () => {
      for (const name of ['folio-add', 'uptodate'] as const) rig.emit(name, 0, GEOMETRY.maxFolioSize);
      rig.emit('dirty', 0, B);
      rig.emit('clean', 0, GEOMETRY.maxFolioSize);
    });
    t.is(finding?.message, hasBlockState ? 'file 0: block 1 in the cache: "clean" while clean' : undefined);
  }
});

test('dirtying what is not in place is caught', t => {
  t.regex(events('folio-add', 'dirty')!, /block 0 in the cache: "store" while empty/);
  t.regex(events('uptodate')!, /"fill" while absent/);
});

test('dropping a folio under writeback is caught', t => {
  t.regex(
    events('folio-add', 'uptodate', 'dirty', 'writeback-folio', 'clean', 'folio-remove')!,
    /"drop" while cleanTaken/,
  );
});

test('taking a folio twice, leaving writeback unasked, and cleaning what is not in place are caught', t => {
  t.regex(events('folio-add', 'writeback-folio', 'writeback-folio')!, /"take" while emptyTaken/);
  t.regex(events('folio-add', 'writeback-end')!, /"done" while empty/);
  t.regex(events('folio-add', 'clean')!, /"clean" while empty/);
});

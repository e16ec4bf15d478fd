import test from 'ava';
import { EIO, IterStep, MapFlag, MapType, OpFlag } from '../../model/contract/index.js';
import { inv04 } from './inv-04.js';
import { Rig, record } from './testing/rig.js';

const mapped = record(MapType.MAPPED, 0, 64, 0);

test('an iteration that follows the chart is fine, STALE and all', t => {
  const rig = new Rig(inv04);
  const found = rig.call('write', {}, () => {
    const it = rig.iteration(OpFlag.WRITE, 0, 32).begin(mapped);
    rig.emit('validated', 0, 16);
    rig.emit('validated', 16, 16, 1);
    it.iomap.flags |= MapFlag.STALE;
    it.end(16).begin(mapped).end(16).finish();
  });
  t.is(found, null);
});

test('a begin without end in between is caught', t => {
  const rig = new Rig(inv04);
  const found = rig.call('write', {}, () => {
    rig.iteration(OpFlag.WRITE, 0, 32).begin(mapped).begin(mapped);
  });
  t.regex(found!.message, /"begin" while working/);
});

test('an end after a failed begin is caught', t => {
  const rig = new Rig(inv04);
  const found = rig.call('write', {}, () => {
    rig.iteration(OpFlag.WRITE, 0, 32).tell(IterStep.beginning).tell(IterStep.beginFailed, EIO).end(0);
  });
  t.is(found?.id, 'INV-04');
});

test('a begin after a failed begin is caught', t => {
  const rig = new Rig(inv04);
  const found = rig.call('write', {}, () => {
    const it = rig.iteration(OpFlag.WRITE, 0, 32).tell(IterStep.beginning).tell(IterStep.beginFailed, EIO);
    it.tell(IterStep.beginning);
  });
  t.regex(found!.message, /after a begin that failed/);
});

test('a call that returns with its mapping still in hand is caught', t => {
  const rig = new Rig(inv04);
  const found = rig.call('write', {}, () => void rig.iteration(OpFlag.WRITE, 0, 32).begin(mapped));
  t.regex(found!.message, /MAP-64/);
});

test('an end that gets another record than begin returned is caught', t => {
  const rig = new Rig(inv04);
  const found = rig.call('write', {}, () => {
    const it = rig.iteration(OpFlag.WRITE, 0, 32).begin(mapped);
    it.iomap.type = MapType.UNWRITTEN;
    it.end(32);
  });
  t.regex(found!.message, /MAP-41/);
});

test('work after a mapping was found stale is caught', t => {
  const rig = new Rig(inv04);
  const found = rig.call('write', {}, () => {
    rig.iteration(OpFlag.WRITE, 0, 32).begin(mapped);
    rig.emit('validated', 0, 16, 1);
    rig.emit('validated', 16, 16);
  });
  t.regex(found!.message, /"valid" while stale/);
});

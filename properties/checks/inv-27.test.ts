import test from 'ava';
import { inv27 } from './inv-27.js';
import { Rig } from './testing/rig.js';

test('a byte behind the end that is not zero is caught', t => {
  const rig = new Rig(inv27);
  rig.file.isize = 20;
  rig.file.cache(0, 2, 0);
  t.is(rig.look(), null);
  rig.file.memory[25] = 9;
  rig.file.version++;
  t.regex(rig.look()!.message, /byte 25 behind the end 20 is not zero/);
});

test('what a view may have stored there is fine until writeback zeroes it', t => {
  const rig = new Rig(inv27);
  rig.file.isize = 20;
  rig.file.cache(0, 2, 0);
  rig.emit('dirty', 0, 64, 1);
  rig.file.memory[25] = 9;
  t.is(rig.look(), null);
  rig.emit('writeback-folio', 0, 64);
  rig.file.version++;
  t.is(rig.look()?.id, 'INV-27');
});

test('a folio that a view can store to has one more page of the file when the file grows into it', t => {
  const tail = (writable: boolean): string | undefined => {
    const rig = new Rig(inv27);
    const folio = rig.file.cache(4, 4, 0);
    folio.writable = writable;
    rig.emit('dirty', 0, 64, 1);
    rig.file.isize = 70;
    rig.emit('isize', 64, 70);
    folio.writable = false;
    rig.file.memory[75] = 9;
    return rig.look()?.id;
  };
  t.is(tail(true), undefined);
  t.is(tail(false), 'INV-27');
});

test("a tail that came from the device is the device's affair", t => {
  const rig = new Rig(inv27);
  rig.file.isize = 20;
  rig.file.cache(0, 2, 6);
  rig.emit('uptodate', 0, 32, 0);
  t.is(rig.look(), null);
});

test('zeroes that do not cover the tail leave it as the device had it', t => {
  const covering = (offset: number, length: number): string | undefined => {
    const rig = new Rig(inv27);
    rig.file.isize = 20;
    rig.file.cache(0, 2, 6);
    rig.emit('uptodate', 0, 32, 0);
    rig.emit('zeroed', offset, length);
    return rig.look()?.id;
  };
  t.is(covering(17, 2), undefined);
  t.is(covering(18, 10), undefined);
  t.is(covering(20, 12), 'INV-27');
  t.is(covering(0, 64), 'INV-27');
});

test('a call that moves the end is not disturbed', t => {
  const rig = new Rig(inv27);
  rig.file.isize = 20;
  rig.file.cache(0, 2, 6);
  const open = rig.begin('truncate', { size: 8 });
  t.is(rig.look(), null);
  t.is(rig.end(open)?.id, 'INV-27');
});

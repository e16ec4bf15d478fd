/** What the model goes on from after a crash, in blocks of 16 bytes and pages of 64. */
import test from 'ava';
import { DEVICE_POISON } from '../../contract/index.js';
import { Session } from '../testing/session.js';

/** A file of ten bytes in a block that the crash left with 1, 2, 3 … in it, but for poison at 14. */
function recovered(): { readonly s: Session; readonly device: Uint8Array } {
  const s = new Session();
  const device = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
  device[14] = DEVICE_POISON;
  const medium = { sectorSize: 16, candidates: () => [{ bytes: device, at: 0 }] };
  s.model.adopt([{ file: 0, size: 10, extents: [{ offset: 0, length: 16, address: 0, written: true }] }], medium);
  return { s, device };
}

function load(s: Session, device: Uint8Array, at: number, value: number): string | undefined {
  const bytes = new Uint8Array(16);
  bytes.set(device.subarray(0, 10));
  bytes[at] = value;
  return s.judge('mapread', { offset: 0, length: 16 }, { bytes })?.id;
}

test('behind the end a mapped load may show what the crash left in the last block, and nothing else', t => {
  const { s, device } = recovered();
  t.deepEqual(s.bytes(0, 99), [...device.subarray(0, 10)]);
  t.is(load(s, device, 12, 0), undefined);
  t.is(load(s, device, 12, 13), undefined);
  t.is(load(s, device, 12, 14), 'INV-27');
  t.is(load(s, device, 14, DEVICE_POISON), 'INV-27');
});

test('once the end was cut or passed it does not show', t => {
  for (const [name, fields] of [
    ['truncate', { size: 9 }],
    ['truncate', { size: 100 }],
  ] as const) {
    const { s, device } = recovered();
    s.do(name, fields);
    t.not(load(s, device, 12, 13), undefined, name);
  }
});

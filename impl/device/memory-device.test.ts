import test from 'ava';
import { type Bio, type BioKind, DEVICE_POISON, silence } from '../../model/contract/index.js';
import { MemoryDevice } from './memory-device.js';

const geometry = { blockSize: 16, pageSize: 64, maxFolioSize: 64, sectorSize: 4, deviceBlocks: 8 };

function bio(kind: BioKind, addr: number, fill: number, length = 8, fua = false): Bio {
  const memory = new Uint8Array(length).fill(fill);
  const at = 0;
  return {
    kind,
    addr,
    length: kind === 'flush' ? 0 : length,
    memory,
    at,
    fua,
    atomic: false,
    cargo: 'data',
    file: 0,
    offset: addr,
    done() {},
  };
}

function recording(writeThrough = false): MemoryDevice {
  const device = new MemoryDevice(geometry);
  device.reset(true, writeThrough, silence);
  return device;
}

function perform(device: MemoryDevice, request: Bio): void {
  device.submit(request);
  device.complete(request, 0);
}

test('nothing is written before completion, and a reset makes poison again', t => {
  const device = recording();
  const write = bio('write', 16, 1);
  device.submit(write);
  t.is(device.contents[16], DEVICE_POISON);
  device.complete(write, 0);
  t.is(device.contents[16], 1);
  device.reset(false, false, silence);
  t.is(device.contents[16], DEVICE_POISON);
  t.is(device.history, null);
});

test('a write is volatile until a flush that was issued after its completion completes', t => {
  const device = recording();
  perform(device, bio('write', 0, 1));
  const flush = bio('flush', 0, 0);
  device.submit(flush);
  perform(device, bio('write', 16, 2));
  device.complete(flush, 0);
  const left = device.history!.volatileAt(device.history!.length);
  t.deepEqual(
    left.map(write => write.addr),
    [16],
  );
});

test('sectors survive a crash one by one', t => {
  const device = recording();
  perform(device, bio('write', 0, 1));
  const image = device.history!.image(device.history!.length, { survives: (_, sector) => sector === 1 });
  t.deepEqual([...image.subarray(0, 9)], [...Array<number>(4).fill(DEVICE_POISON), 1, 1, 1, 1, DEVICE_POISON]);
});

test('an older volatile write cannot come back over a durable one that was issued after it completed', t => {
  const device = recording();
  perform(device, bio('write', 0, 1));
  perform(device, bio('write', 0, 2, 4, true));
  const image = device.history!.image(device.history!.length, { survives: () => true });
  t.deepEqual([...image.subarray(0, 8)], [2, 2, 2, 2, 1, 1, 1, 1]);
});

test('a device without a volatile cache keeps every completed write', t => {
  const device = recording(true);
  perform(device, bio('write', 0, 1));
  t.deepEqual(device.history!.volatileAt(device.history!.length), []);
  t.is(device.history!.image(device.history!.length, { survives: () => false })[0], 1);
});

test('a request that is not made of whole sectors of the device is a mistake of whoever submits it', t => {
  const device = recording();
  t.throws(() => device.submit(bio('write', 2, 1)), { message: /does not fit/ });
  t.throws(() => device.submit(bio('read', 124, 1)), { message: /does not fit/ });
});

import test from 'ava';
import { type Bio, type BioKind, DEVICE_POISON, EIO, silence, type VolatileWrite } from '../../model/contract/index.js';
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

function imageOf(device: MemoryDevice, survives: (event: number, sector: number) => boolean, cut?: number): number[] {
  const history = device.history!;
  const survivors = { survives: (write: VolatileWrite, sector: number) => survives(write.event, sector) };
  return [...history.image(cut ?? history.length, survivors).subarray(0, 8)];
}

test('a write through the cache is durable when it has completed, what came before it is not', t => {
  const device = recording();
  perform(device, bio('write', 8, 1));
  perform(device, bio('write', 0, 2, 8, true));
  t.deepEqual(
    imageOf(device, () => false),
    Array<number>(8).fill(2),
  );
  t.deepEqual(
    device.history!.volatileAt(device.history!.length).map(write => write.addr),
    [8],
  );
});

test('an atomic write survives as a whole or not at all', t => {
  const device = recording();
  perform(device, { ...bio('write', 0, 1), atomic: true });
  t.deepEqual(
    imageOf(device, (_, sector) => sector === 0),
    Array<number>(8).fill(1),
  );
  t.deepEqual(
    imageOf(device, (_, sector) => sector === 1),
    Array<number>(8).fill(DEVICE_POISON),
  );
});

test('a failed write leaves each sector old or new, and no flush makes it durable', t => {
  const device = recording();
  const write = bio('write', 0, 1);
  device.submit(write);
  device.complete(write, EIO);
  perform(device, bio('flush', 0, 0));
  t.is(device.contents[0], DEVICE_POISON);
  t.deepEqual(
    imageOf(device, (_, sector) => sector === 1),
    [...Array<number>(4).fill(DEVICE_POISON), 1, 1, 1, 1],
  );
  perform(device, bio('write', 0, 2));
  perform(device, bio('flush', 0, 0));
  t.deepEqual(
    imageOf(device, () => true),
    Array<number>(8).fill(2),
  );
});

test('what a read has shown after a failed write cannot be the failed write any more', t => {
  const device = recording();
  const fail = (request: Bio): void => {
    device.submit(request);
    device.complete(request, EIO);
  };
  const early = bio('read', 0, 0);
  device.submit(early);
  fail(bio('write', 0, 1));
  device.complete(early, 0);
  const old = Array<number>(4).fill(DEVICE_POISON);
  const cut = device.history!.length;
  const all = (at: number): number[] => [...device.history!.image(at, { survives: () => true }).slice(0, 8)];
  t.deepEqual(all(cut), [1, 1, 1, 1, 1, 1, 1, 1]);
  perform(device, bio('read', 4, 0, 4));
  t.deepEqual(all(device.history!.length), [1, 1, 1, 1, ...old]);
  t.deepEqual(all(cut), [1, 1, 1, 1, 1, 1, 1, 1]);
  // What was stored since hides what the failed write left.
  perform(device, bio('write', 0, 2, 4));
  perform(device, bio('read', 0, 0, 4));
  const failed = device.history!.image(device.history!.length, { survives: write => write.length === 8 });
  t.deepEqual([...failed.slice(0, 8)], [1, 1, 1, 1, ...old]);
  const whole = { ...bio('write', 16, 3), atomic: true };
  fail(whole);
  perform(device, bio('read', 20, 0, 4));
  t.deepEqual(
    [...device.history!.image(device.history!.length, { survives: () => true }).slice(16, 24)],
    [...old, ...old],
  );
});

test('a failed flush makes nothing durable, the next one does', t => {
  const device = recording();
  perform(device, bio('write', 0, 1));
  const flush = bio('flush', 0, 0);
  device.submit(flush);
  device.complete(flush, EIO);
  t.deepEqual(
    imageOf(device, () => false),
    Array<number>(8).fill(DEVICE_POISON),
  );
  perform(device, bio('flush', 0, 0));
  t.deepEqual(
    imageOf(device, () => false),
    Array<number>(8).fill(1),
  );
});

test('writes complete in any order, and one in flight may have landed with the bytes it was submitted with', t => {
  const device = recording();
  const first = bio('write', 0, 1);
  const second = bio('write', 0, 2);
  device.submit(first);
  device.submit(second);
  const submitted = device.history!.length;
  device.complete(second, 0);
  first.memory.fill(3);
  device.complete(first, 0);
  t.is(device.contents[0], 3);
  t.deepEqual(
    imageOf(device, event => event === 0, submitted),
    Array<number>(8).fill(1),
  );
  t.deepEqual(
    imageOf(device, event => event === 1, submitted),
    Array<number>(8).fill(2),
  );
  perform(device, bio('flush', 0, 0));
  t.deepEqual(
    imageOf(device, () => false),
    Array<number>(8).fill(3),
  );
});

test('a history answers for every cut, in any order, and lends the same image that it makes', t => {
  const device = recording();
  for (let n = 0; n < 12; n++) {
    perform(device, bio('write', (n % 4) * 4, n + 1, 4 + 4 * (n % 3), n % 5 === 0));
    if (n % 4 === 3) perform(device, bio('flush', 0, 0));
  }
  const history = device.history!;
  const survivors = { survives: (write: VolatileWrite, sector: number) => (write.event + sector) % 3 === 0 };
  const ascending = Array.from({ length: history.length + 1 }, (_, cut) => [...history.image(cut, survivors)]);
  for (let cut = history.length; cut >= 0; cut -= 5)
    t.deepEqual([...history.lendImage!(cut, survivors)], ascending[cut]);
  t.deepEqual(ascending[0], Array<number>(geometry.blockSize * geometry.deviceBlocks).fill(DEVICE_POISON));
});

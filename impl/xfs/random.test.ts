/**
 * Random calls on small files against arrays of bytes, with background work in between: the contents, the sizes and the
 * accounting must be right after every call, in several geometries.
 */
import test from 'ava';
import {
  type Answer,
  CallFlag,
  DEFAULT_OPTIONS,
  ENOSPC,
  fillData,
  type Geometry,
  makeCall,
  type OperationName,
  silence,
  uneventful,
} from '../../model/contract/index.js';
import { xfsFactory } from '../target.js';
import { census } from '../testing/census.js';
import { Driver } from '../testing/driver.js';

/** A small generator of whole numbers (xorshift). */
function numbers(seed: number): (below: number) => number {
  let x = (seed * 2_654_435_761) >>> 0 || 1;
  return below => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x % below;
  };
}

const FILES = 2;
const FILE_BLOCKS = 24;

interface Scene {
  readonly driver: Driver;
  readonly contents: Uint8Array[];
  readonly blockSize: number;
  readonly limit: number;
  tag: number;
  id: number;
}

/** What a call should leave in the file, or null for "as it was". `answer` tells how much was done. */
type Effect = (before: Uint8Array, answer: Answer) => Uint8Array | null;

interface Move {
  readonly name: OperationName;
  readonly file: number;
  readonly fields: Parameters<typeof makeCall>[3];
  readonly effect: Effect;
}

function resized(bytes: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  result.set(bytes.subarray(0, size));
  return result;
}

function stored(before: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return before;
  const result = resized(before, Math.max(before.length, at + bytes.length));
  result.set(bytes, at);
  return result;
}

const unchanged: Effect = () => null;

function move(scene: Scene, random: (below: number) => number): Move {
  const { blockSize, limit, contents } = scene;
  const file = random(FILES);
  const size = contents[file]!.length;
  const aligned = random(2) === 0;
  const unit = aligned ? blockSize : 1;
  const offset = Math.floor(random(limit) / unit) * unit;
  const length = Math.min(limit - offset, Math.max(unit, Math.ceil(random(6 * blockSize) / unit) * unit)) || unit;
  const other = random(FILES);
  const from = Math.floor(random(limit) / blockSize) * blockSize;
  const data = 1 + (scene.tag++ % 211);
  const keep = random(2) === 0 ? CallFlag.KEEP_SIZE : 0;
  const write: Effect = (before, answer) => {
    const bytes = new Uint8Array(answer.count);
    fillData(data, offset, bytes, 0, answer.count);
    return stored(before, offset, bytes);
  };
  const grow: Effect = before => (keep ? null : resized(before, Math.max(before.length, offset + length)));
  const zeroed: Effect = before =>
    stored(before, offset, new Uint8Array(Math.max(0, Math.min(before.length - offset, length))));
  const moves: readonly Move[] = [
    { name: 'write', file, fields: { offset, length, data }, effect: write },
    { name: 'write', file, fields: { offset, length, data, accessible: random(length + 1) }, effect: write },
    { name: 'dwrite', file, fields: { offset, length, data }, effect: write },
    {
      name: 'mapwrite',
      file,
      fields: { offset, length, data, flags: CallFlag.GROW },
      effect: (before, answer) => write(resized(before, Math.max(before.length, offset + length)), answer),
    },
    { name: 'truncate', file, fields: { size: offset }, effect: before => resized(before, offset) },
    { name: 'falloc', file, fields: { offset, length, flags: keep }, effect: grow },
    { name: 'punch', file, fields: { offset, length }, effect: zeroed },
    {
      name: 'zero',
      file,
      fields: { offset, length, flags: keep },
      effect: (before, answer) => zeroed(grow(before, answer) ?? before, answer),
    },
    { name: 'unshare', file, fields: { offset, length, flags: keep }, effect: grow },
    {
      name: 'collapse',
      file,
      fields: { offset, length },
      effect: before => {
        const result = resized(before, size - length);
        result.set(before.subarray(offset + length), offset);
        return result;
      },
    },
    {
      name: 'insert',
      file,
      fields: { offset, length: size + length > limit ? 0 : length },
      effect: before => {
        const result = resized(before, size + length);
        result.set(before.subarray(offset), offset + length);
        result.fill(0, offset, offset + length);
        return result;
      },
    },
    {
      name: 'reflink',
      file,
      fields: { offset, length, fromFile: other, fromOffset: from },
      effect: before => stored(before, offset, contents[other]!.slice(from, from + length)),
    },
    { name: 'dedupe', file, fields: { offset, length, fromFile: other, fromOffset: from }, effect: unchanged },
    {
      name: 'copy',
      file,
      fields: { offset, length, fromFile: other, fromOffset: from },
      effect: (before, answer) => stored(before, offset, contents[other]!.slice(from, from + answer.count)),
    },
    { name: 'fsync', file, fields: {}, effect: unchanged },
    { name: 'writeback', file, fields: { offset, length }, effect: unchanged },
    { name: 'reclaim', file, fields: { offset, length }, effect: unchanged },
    { name: 'migrate', file, fields: { offset, length }, effect: unchanged },
    { name: 'readahead', file, fields: { offset, length }, effect: unchanged },
    { name: 'trim', file, fields: {}, effect: unchanged },
    { name: 'revoke', file, fields: {}, effect: unchanged },
    { name: 'reuse', file, fields: { length }, effect: unchanged },
    { name: 'dropCaches', file, fields: { flags: CallFlag.FLUSH }, effect: unchanged },
    { name: 'close', file, fields: {}, effect: unchanged },
    { name: 'remount', file, fields: {}, effect: unchanged },
  ];
  return moves[random(moves.length - (random(4) === 0 ? 0 : 2))]!;
}

function differs(expected: Uint8Array, answer: Answer): string | null {
  if (answer.error !== 0 || answer.count !== expected.length)
    return `error ${answer.error}, ${answer.count} bytes instead of ${expected.length}`;
  for (let i = 0; i < expected.length; i++)
    if (answer.bytes[i] !== expected[i]) return `byte ${i} is ${answer.bytes[i]} instead of ${expected[i]}`;
  return null;
}

function play(geometry: Geometry, seed: number, moves: number, factory: ReturnType<typeof xfsFactory>): string | null {
  const random = numbers(seed);
  const target = factory.create({
    fs: 'xfs',
    geometry,
    options: { ...DEFAULT_OPTIONS, preallocateFrom: 8 * geometry.blockSize, cowExtentBlocks: 4 },
    files: FILES,
    chooser: uneventful,
    sink: silence,
    recordDevice: false,
    writeThrough: false,
  });
  const contents: Uint8Array[] = Array.from({ length: FILES }, () => new Uint8Array(0));
  const limit = FILE_BLOCKS * geometry.blockSize;
  const scene: Scene = { driver: new Driver(target), contents, blockSize: geometry.blockSize, limit, tag: 0, id: 1 };
  const trail: string[] = [];
  const fault = (what: string): string => `seed ${seed}, after ${trail.slice(-12).join('; ')}: ${what}`;
  for (let i = 0; i < moves; i++) {
    const next = move(scene, random);
    trail.push(`${next.name} f${next.file} ${JSON.stringify(next.fields)}`);
    const answer = scene.driver.call(makeCall(scene.id++, next.name, next.file, next.fields));
    trail[trail.length - 1] += ` = ${answer.error}`;
    if (answer.error === ENOSPC) return fault('no space');
    if (answer.error === 0) {
      const after = next.effect(contents[next.file]!, answer);
      if (after !== null) contents[next.file] = after;
    }
    if (random(3) === 0) scene.driver.settle();
    for (let file = 0; file < FILES; file++) {
      const size = contents[file]!.length;
      if (target.view!.file(file).isize !== size)
        return fault(`file ${file} has ${target.view!.file(file).isize} bytes instead of ${size}`);
      if (random(2) === 0) continue;
      const name = random(4) === 0 ? 'dread' : 'read';
      const wrong = differs(
        contents[file]!,
        scene.driver.call(makeCall(scene.id++, name, file, { offset: 0, length: limit * 4 })),
      );
      if (wrong !== null) return fault(`${name} of file ${file}: ${wrong}`);
    }
    if (!target.view!.quiescent) continue;
    const wrong = census(target.view!, geometry.blockSize);
    if (wrong !== null) return fault(wrong);
  }
  return null;
}

const GEOMETRIES: readonly Geometry[] = [
  { blockSize: 16, pageSize: 64, maxFolioSize: 256, sectorSize: 8, deviceBlocks: 512 },
  { blockSize: 64, pageSize: 64, maxFolioSize: 256, sectorSize: 16, deviceBlocks: 512 },
  { blockSize: 128, pageSize: 32, maxFolioSize: 512, sectorSize: 32, deviceBlocks: 512 },
  { blockSize: 16, pageSize: 16, maxFolioSize: 16, sectorSize: 16, deviceBlocks: 256 },
];

for (const geometry of GEOMETRIES) {
  const { blockSize, pageSize } = geometry;
  test(`random calls leave the bytes they should, blocks of ${blockSize} in pages of ${pageSize}`, t => {
    const factory = xfsFactory();
    for (let seed = 1; seed <= Number(process.env['SEEDS'] ?? 60); seed++) {
      const fault = play(geometry, seed, 60, factory);
      if (fault !== null) return t.fail(fault);
    }
    return t.pass();
  });
}

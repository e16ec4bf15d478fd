/**
 * Every yield point taken: several tasks on one file, scheduled at random, with I/O completing, completion work, reclaim and
 * writeback between any two steps. Whoever reads must see the byte before or after each write, and in the end the last
 * writes must be there. The harness does this with a real file system and every check; here it proves the library alone.
 */
import { fc, testProp } from '@fast-check/ava';
import { LoneTask, type Steps, type Task, tagOf } from '../../model/contract/index.js';
import { acquire, EXCLUSIVE, SHARED } from '../sync/index.js';
import { bufferedRead } from './buffered-read.js';
import { bufferedWrite } from './buffered-write.js';
import { dropCleanFolios, migrateFolios, truncateCache } from './cache-control.js';
import { directIo } from './direct-io.js';
import { DirectRequest } from './direct-request.js';
import { mapLoad, mapStore } from './mapped-access.js';
import { Context } from './platform.js';
import { Bench, scriptedDirectOps, scriptedOps } from './testing/scripted.js';
import { ReadBuffer, WriteSource } from './user-buffer.js';
import { writeAndWait } from './wait.js';
import { writePages } from './writeback.js';

const SIZE = 512;

interface Worker {
  readonly task: Task;
  readonly steps: Steps<unknown>;
  done: boolean;
}

/** One file, two halves: the first is written by calls, the second through a mapping. */
class Play {
  readonly bench = new Bench();
  readonly workers: Worker[] = [];
  /** The tags a byte may show: what it had, and what is being written over it. */
  readonly allowed: Set<number>[] = Array.from({ length: SIZE }, () => new Set([0]));
  problem: string | null = null;

  constructor() {
    this.bench.inode.setSize(SIZE);
  }

  add(id: number, work: (context: Context) => Steps<unknown>): void {
    const task = new LoneTask(id, true);
    this.workers.push({ task, steps: work(new Context(this.bench.platform, task)), done: false });
  }

  *flush(context: Context): Steps<void> {
    const written = writeAndWait(context, this.bench.inode, 0, SIZE);
    if (typeof written !== 'number') yield* written;
  }

  *write(context: Context, pos: number, length: number, tag: number, direct: boolean): Steps<void> {
    const { inode } = this.bench;
    yield* acquire(inode.rwsem, context.task, EXCLUSIVE);
    for (let at = pos; at < pos + length; at++) this.allowed[at]!.add(tag);
    const source = new WriteSource(pos, length, -1, tag);
    if (direct) {
      const request = new DirectRequest(context, inode, scriptedDirectOps, pos, length, { source }, 0);
      const count = yield* directIo(context, scriptedOps, request);
      // -ENOTBLK and -EIO over a delayed block: a real file system goes through the page cache.
      if (count < 0) yield* bufferedWrite(context, inode, scriptedOps, pos, source, 0);
    } else yield* bufferedWrite(context, inode, scriptedOps, pos, source, 0);
    for (let at = pos; at < pos + length; at++) this.allowed[at] = new Set([tag]);
    inode.rwsem.release(context.task);
  }

  *store(context: Context, pos: number, length: number, tag: number): Steps<void> {
    for (let at = pos; at < pos + length; at++) this.allowed[at]!.add(tag);
    yield* mapStore(context, this.bench.inode, scriptedOps, new WriteSource(pos, length, -1, tag));
    for (let at = pos; at < pos + length; at++) this.allowed[at] = new Set([tag]);
  }

  *read(context: Context, pos: number, length: number, mapped: boolean): Steps<void> {
    const { inode } = this.bench;
    const before = this.allowed.slice(pos, pos + length).map(tags => new Set(tags));
    const to = new ReadBuffer(pos, length, -1, { bytes: new Uint8Array(length) });
    yield* acquire(inode.rwsem, context.task, SHARED);
    if (mapped) yield* mapLoad(context, inode, scriptedOps, pos, length, to);
    else {
      const read = bufferedRead(context, inode, scriptedOps, pos, length, to);
      if (typeof read !== 'number') yield* read;
    }
    inode.rwsem.release(context.task);
    to.bytes.forEach((value, i) => {
      const tag = value === 0 ? 0 : tagOf(value, pos + i);
      if (!before[i]!.has(tag) && !this.allowed[pos + i]!.has(tag))
        this.problem ??= `byte ${pos + i} shows tag ${tag}, value ${value}`;
    });
  }

  /** One step of whoever is chosen, or of the background. */
  step(choice: number): boolean {
    const { bench } = this;
    const runnable = this.workers.filter(w => !w.done && (w.task.waitsFor?.ready(w.task) ?? true));
    const { inFlight } = bench.device;
    const { work } = bench.platform;
    const options = runnable.length + inFlight.length + work.count;
    if (options === 0) return false;
    let index = choice % (options + 3);
    if (index < runnable.length) {
      const worker = runnable[index]!;
      worker.done = worker.steps.next().done === true;
      return true;
    }
    index -= runnable.length;
    if (index < inFlight.length) bench.device.complete(inFlight[index]!, 0);
    else if (index < inFlight.length + work.count) {
      const task = new LoneTask(0, true);
      this.workers.push({ task, steps: work.start(index - inFlight.length, task), done: false });
    } else if (choice % 2 === 0) dropCleanFolios(bench.inode, choice % SIZE, SIZE);
    else migrateFolios(bench.inode, 0, choice % SIZE);
    return true;
  }
}

const place = fc.tuple(fc.nat(SIZE / 2 - 65), fc.integer({ min: 1, max: 64 }));

testProp(
  'any schedule of writers, mapped stores, readers, writeback and reclaim shows only bytes that were stored',
  [
    fc.array(fc.tuple(place, fc.nat(6)), { minLength: 1, maxLength: 6 }),
    fc.array(fc.nat(10_000), { minLength: 300, maxLength: 600 }),
  ],
  (t, programs, choices) => {
    const play = new Play();
    programs.forEach(([[pos, length], kind], index) => {
      const tag = index + 1;
      play.add(tag, context => {
        // Stores have a range each: which of two that overlap comes last, nobody outside could say.
        if (kind === 0) return play.store(context, SIZE / 2 + index * 40, Math.min(length, 40), tag);
        if (kind === 1) return play.write(context, pos - (pos % 4), length - (length % 4) + 4, tag, true);
        if (kind === 2) return play.write(context, pos, length, tag, false);
        if (kind === 3) return play.read(context, pos, length, false);
        if (kind === 4) return play.read(context, SIZE / 2 + pos, length, true);
        if (kind === 5) return writePages(context, play.bench.inode, pos, SIZE, false);
        return play.flush(context);
      });
    });
    let steps = 0;
    while (play.step(choices[steps % choices.length]! + (steps >= choices.length ? steps : 0))) {
      if (++steps > 20_000) break;
    }
    t.deepEqual(
      play.workers.filter(worker => !worker.done).map(worker => worker.task.waitsFor?.describe()),
      [],
    );
    t.is(play.problem, null);
    for (const { task } of play.workers) t.deepEqual(play.bench.platform.locks.heldBy(task.id), []);
    const { bench } = play;
    bench.run(writeAndWait(bench.context, bench.inode, 0, SIZE));
    bench.run(truncateCache(bench.context, bench.inode, 0, SIZE));
    play.workers.length = 0;
    play.add(9, context => play.read(context, 0, SIZE, false));
    while (play.step(0));
    t.is(play.problem, null);
    t.true(bench.inode.cache.folios.every(folio => folio.extraReferences === 0 && !folio.locked));
  },
  { numRuns: 400 },
);

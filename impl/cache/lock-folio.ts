/** Waiting for a folio: for its lock (L5), and for its writeback to end (L6). Waiters hold a reference meanwhile. */
import type { Point, Steps, Task, TaskId, Waitable } from '../../model/contract/index.js';
import type { Folio } from './folio.js';
import type { PageCache } from './page-cache.js';

/**
 * Waits for the lock and takes it. False, with nothing held, if the folio left the cache meanwhile. The quick way goes
 * before: `if (!cache.tryLock(folio, task) && !(yield* lockFolio(…))) retry`.
 */
export function* lockFolio(cache: PageCache, folio: Folio, task: Task, point: Point): Steps<boolean> {
  cache.get(folio);
  while (!cache.tryLock(folio, task)) {
    task.waitsFor = folio;
    yield point;
  }
  task.waitsFor = null;
  const present = folio.cache === cache;
  if (!present) cache.unlock(folio);
  cache.put(folio);
  return present;
}

/** Waits until nobody holds the lock, without taking it: until a read in flight is over. */
export function* waitUnlocked(cache: PageCache, folio: Folio, task: Task, point: Point): Steps<void> {
  cache.get(folio);
  while (folio.lockOwner !== null) {
    task.waitsFor = folio;
    yield point;
  }
  task.waitsFor = null;
  cache.put(folio);
}

class WritebackWait implements Waitable {
  readonly #folio: Folio;

  constructor(folio: Folio) {
    this.#folio = folio;
  }

  describe(): string {
    return `writeback of ${this.#folio.describe()}`;
  }

  ready(): boolean {
    return !this.#folio.writeback;
  }

  blockers(): readonly TaskId[] {
    return [];
  }
}

/** Waits for the end of the folio's writeback, completion work included (WB-61). */
export function* waitFolioWriteback(cache: PageCache, folio: Folio, task: Task, point: Point): Steps<void> {
  cache.get(folio);
  while (folio.writeback) {
    task.waitsFor = new WritebackWait(folio);
    yield point;
  }
  task.waitsFor = null;
  cache.put(folio);
}

import test from 'ava';
import { LoneTask, silence, type Task } from '../../model/contract/index.js';
import { EXCLUSIVE, LockLevel, LockTable, SHARED } from './lock-table.js';
import { acquire, RwSemaphore } from './rw-semaphore.js';

function task(id: number): Task {
  return new LoneTask(id);
}

function setup(): { table: LockTable; lock: RwSemaphore } {
  const table = new LockTable(silence);
  return { table, lock: new RwSemaphore(LockLevel.inode, 'i_rwsem', 3, table) };
}

test('readers share, a writer excludes everybody', t => {
  const { lock } = setup();
  const [one, two, three] = [task(1), task(2), task(3)];
  t.true(lock.tryAcquire(one, SHARED));
  t.true(lock.tryAcquire(two, SHARED));
  t.false(lock.tryAcquire(three, EXCLUSIVE));
  lock.release(one);
  lock.release(two);
  t.true(lock.tryAcquire(three, EXCLUSIVE));
  t.false(lock.tryAcquire(one, SHARED));
});

test('a waiting task says what it waits for and who is in its way, and goes on when it is free', t => {
  const { lock } = setup();
  const [one, two] = [task(1), task(2)];
  lock.tryAcquire(one, EXCLUSIVE);
  const steps = acquire(lock, two, SHARED);
  t.false(steps.next().done);
  t.is(two.waitsFor?.describe(), 'i_rwsem of file 3 (shared)');
  t.deepEqual(two.waitsFor?.blockers(), [1]);
  t.false(two.waitsFor?.ready(two));
  lock.release(one);
  t.true(two.waitsFor?.ready(two));
  t.true(steps.next().done);
  t.is(two.waitsFor, null);
  t.true(lock.held(two));
});

test('what a task holds is listed until it gives it back, also across a downgrade', t => {
  const { lock, table } = setup();
  const one = task(1);
  lock.tryAcquire(one, EXCLUSIVE);
  lock.downgrade(one);
  t.false(lock.heldExclusive(one));
  t.deepEqual(table.heldBy(1), ['i_rwsem of file 3']);
  lock.release(one);
  t.deepEqual(table.heldBy(1), []);
  t.throws(() => lock.release(one), { message: /without holding it/ });
});

/** Locks with owners, and who holds them (locking-and-races.md section 1). */
export * from './direct-count.js';
export * from './lock-table.js';
export * from './read-count.js';
export * from './rw-semaphore.js';

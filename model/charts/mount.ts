/**
 * A file system from mount to mount (crash.md sections 2 to 4, CR-10, CR-91, INV-76). After a shutdown nothing new becomes
 * durable and no begin changes a mapping; only a mount, which recovers the log, leads out of it.
 */
import { setup } from 'xstate';
import { compileChart, type TableOf } from './compile.js';

/** What can happen to a mounted file system. */
export type MountEvent =
  /** A call of an application, whatever it answers. */
  | { type: 'call' }
  /** The file system stopped at once. */
  | { type: 'shutdown' }
  /** Unmounted and mounted again; after a shutdown or a crash the log is recovered. */
  | { type: 'remount' };

export const mount = setup({
  types: { events: {} as MountEvent, tags: {} as 'rest' },
}).createMachine({
  id: 'mount',
  initial: 'mounted',
  states: {
    mounted: { tags: 'rest', on: { call: 'mounted', shutdown: 'down', remount: 'mounted' } },
    down: { tags: 'rest', on: { call: 'down', shutdown: 'down', remount: 'mounted' } },
  },
});

export const mountTable: TableOf<typeof mount> = compileChart(mount);

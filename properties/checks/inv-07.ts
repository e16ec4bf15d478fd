/** INV-07 cookie: a fork that changed has a new freshness counter, and counters only grow (MAP-50, MAP-51, LK-20). */
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { COW_FORK, DATA_FORK } from './engine/file-track.js';

export const inv07: CheckDefinition = {
  id: 'INV-07',
  checks:
    'a data or copy-on-write fork that differs from the last look has another cookie, and no cookie is smaller than before',
  exercised: 'a look at a file whose map changed since the last look',
  silent: 'the sharing of a block changes with its other owners; a remounted or removed inode starts anew',
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-07',
      exercised: 0,
      scanned(file) {
        if (!file.known) return null;
        if (file.cookie < file.lastCookie || file.cowCookie < file.lastCowCookie)
          return world.finding(
            'INV-07',
            file.id,
            -1,
            -1,
            `cookies went back from ${file.lastCookie}, ${file.lastCowCookie} to ${file.cookie}, ${file.cowCookie}`,
          );
        if ((file.changed & (DATA_FORK | COW_FORK)) === 0) return null;
        for (let i = 0; i < file.changes; i++) {
          const fork = file.changedIn[i]! & (DATA_FORK | COW_FORK);
          if (fork === 0) continue;
          const inData = (fork & DATA_FORK) !== 0;
          const stale = inData ? file.cookie === file.lastCookie : file.cowCookie === file.lastCowCookie;
          if (!stale) continue;
          const { blockSize } = world.geometry;
          const block = file.changedBlock(i);
          const name = inData
            ? `data fork changed under cookie ${file.cookie}`
            : `copy-on-write fork changed under cookie ${file.cowCookie}`;
          return world.finding(
            'INV-07',
            file.id,
            block * blockSize,
            blockSize,
            `block ${block} of the ${name} (MAP-51)`,
          );
        }
        check.exercised++;
        return null;
      },
    };
    return check;
  },
};

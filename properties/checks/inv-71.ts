/**
 * INV-71 locks at callbacks: at each begin, and when a reservation is given back, the task holds what section 3 of
 * locking-and-races.md demands and nothing forbidden (LK-04, LK-05, MAP-32, MAP-48, PC-53).
 */
import { type Finding, type IterationRecord, IterStep, OpFlag, type OpFlags } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';
import { LOCK_NAMES } from './engine/held-locks.js';

const INODE = 1;
const INVALIDATE = 3;
const FOLIO = 5;
const MAP = 8;
const SHARED = 1;
const EXCLUSIVE = 2;

interface Demand {
  readonly about: string;
  /** Applies when all of these flags are set and none of those. */
  readonly with: OpFlags;
  readonly without: OpFlags;
  /** Level and least strength. */
  readonly holds: readonly { readonly level: number; readonly strength: number }[];
  /** Levels that must not be held. */
  readonly free: readonly number[];
}

/** Section 3 of locking-and-races.md, for the callbacks that can be told apart by their flags; the first that fits counts. */
const demands: readonly Demand[] = [
  {
    about: 'a write fault',
    with: OpFlag.WRITE | OpFlag.FAULT,
    without: OpFlag.DAX,
    holds: [
      { level: INVALIDATE, strength: SHARED },
      { level: FOLIO, strength: EXCLUSIVE },
    ],
    free: [MAP],
  },
  {
    about: 'unshare',
    with: OpFlag.UNSHARE,
    without: OpFlag.DAX,
    holds: [
      { level: INODE, strength: EXCLUSIVE },
      { level: INVALIDATE, strength: EXCLUSIVE },
    ],
    free: [FOLIO, MAP],
  },
  {
    about: 'zeroing',
    with: OpFlag.ZERO,
    without: OpFlag.DAX,
    holds: [
      { level: INODE, strength: EXCLUSIVE },
      { level: INVALIDATE, strength: EXCLUSIVE },
    ],
    free: [FOLIO, MAP],
  },
  {
    about: 'a direct transfer',
    with: OpFlag.DIRECT,
    without: 0,
    holds: [{ level: INODE, strength: SHARED }],
    free: [FOLIO, MAP],
  },
  {
    about: 'a buffered write',
    with: OpFlag.WRITE,
    without: OpFlag.DAX | OpFlag.FAULT | OpFlag.DIRECT,
    holds: [{ level: INODE, strength: EXCLUSIVE }],
    free: [FOLIO, MAP],
  },
  { about: 'a seek', with: OpFlag.REPORT | OpFlag.SEEK, without: 0, holds: [], free: [FOLIO, MAP] },
  {
    about: 'a report',
    with: OpFlag.REPORT,
    without: OpFlag.SEEK,
    holds: [{ level: INODE, strength: SHARED }],
    free: [FOLIO, MAP],
  },
  {
    about: 'filling the cache',
    with: 0,
    without: OpFlag.DAX,
    holds: [{ level: INVALIDATE, strength: SHARED }],
    free: [MAP],
  },
];

/** The demand for each combination of flags: a begin is judged every few steps. */
const demandOf = Array.from(
  { length: 1 << Object.keys(OpFlag).length },
  (_, flags) => demands.find(it => (flags & it.with) === it.with && (flags & it.without) === 0) ?? null,
);

export const inv71: CheckDefinition = {
  id: 'INV-71',
  checks:
    'at begin a task holds the locks its operation needs and no folio or mapping lock it must not hold; reservations are given back under L3 exclusive',
  exercised: 'a begin, or a reservation given back',
  silent: 'a target that tells of no locks; write faults and reads run under their folio lock',
  steps: [IterStep.beginning],
  hears: ['punch-scope'],
  make(world) {
    const { locks } = world;
    const lacks = (
      record: { readonly file: number; readonly task: number },
      about: string,
      level: number,
      strength: number,
    ): Finding => {
      const how = strength === EXCLUSIVE ? 'exclusively' : 'at least shared';
      return world.finding(
        'INV-71',
        record.file,
        -1,
        -1,
        `${about} by task ${record.task} without ${LOCK_NAMES[level]} held ${how}`,
      );
    };
    const atBegin = (record: IterationRecord): Finding | null => {
      const demand = demandOf[record.flags];
      if (demand === null || demand === undefined) return null;
      check.exercised++;
      const { holds, free } = demand;
      for (let i = 0; i < holds.length && locks.told; i++) {
        const { level, strength } = holds[i]!;
        if (locks.strength(record.task, level, record.file) < strength)
          return lacks(record, `begin for ${demand.about}`, level, strength);
      }
      for (let i = 0; i < free.length; i++) {
        const level = free[i]!;
        if (locks.strength(record.task, level, record.file) > 0)
          return world.finding(
            'INV-71',
            record.file,
            record.pos,
            record.length,
            `begin for ${demand.about} by task ${record.task} under ${LOCK_NAMES[level]} (LK-05)`,
          );
      }
      return null;
    };
    const check: PropertyCheck = {
      id: 'INV-71',
      exercised: 0,
      iteration: (_step, record) => atBegin(record),
      event(_kind, file) {
        const track = world.iterations.active.find(it => it.ending && it.file === file);
        if (track === undefined) return null;
        check.exercised++;
        if (!locks.told || locks.strength(track.task, INVALIDATE, file) >= EXCLUSIVE) return null;
        return lacks(track, 'giving back a reservation', INVALIDATE, EXCLUSIVE);
      },
    };
    return check;
  },
};

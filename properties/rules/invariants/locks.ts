/** Invariants: locks and liveness. In the specification's own words, with the rules they follow from. */
import type { Invariant } from '../rule.js';

export const locksInvariants: readonly Invariant[] = [
  {
    id: 'INV-70',
    name: 'order',
    scope: 'T,H',
    sentence:
      'The "held while acquiring" graph over lock classes L0…L11 is acyclic and contained in LK-01…LK-08; per-inode legacy/iomap mode is constant.',
    from: ['LK-01', 'LK-02', 'LK-03', 'LK-04', 'LK-05', 'LK-06', 'LK-07', 'LK-08'],
  },
  {
    id: 'INV-71',
    name: 'locks at callbacks',
    scope: 'T,H',
    sentence:
      'At each callback the lock set contains what section 3 of locking-and-races.md demands and nothing forbidden (no L8 in copy or wait; no L5 at begin except FAULT and writeback; L3 exclusive in the punch scan).',
    from: ['LK-04', 'LK-05', 'MAP-32', 'MAP-48', 'PC-53'],
  },
  {
    id: 'INV-72',
    name: 'nothing left behind',
    scope: 'O,H',
    sentence:
      'At return an operation holds no lock, handle or folio reference, except: the fault path returns the folio locked; an async request keeps L4 (and freeze protection).',
    from: ['PC-13', 'MAP-40'],
  },
  {
    id: 'INV-73',
    name: 'termination',
    scope: 'T,H',
    sentence:
      'Under a fair scheduler and finitely many injected faults, STALEs, reclaim and redirty events every operation returns. Integrity writeback ends even if others keep dirtying (tags, section 2 of writeback.md).',
    from: ['MAP-66', 'WB-60'],
  },
  {
    id: 'INV-74',
    name: 'reference balance',
    scope: 'Q,H',
    sentence: 'Folio references = one for the cache (+ views); bios, ioends, requests all freed; device queue empty.',
    from: ['PC-13', 'R-22'],
  },
  {
    id: 'INV-75',
    name: 'refinement',
    scope: 'T,V',
    sentence:
      'For the same schedule of calls and injected events the optimised implementation and the reference model deliver equal results, contents, sizes, reported errors and quiescent maps, modulo the list in section 9.',
    from: [],
  },
  {
    id: 'INV-76',
    name: 'freeze and shutdown',
    scope: 'T,D',
    sentence:
      'While frozen no data or log write is issued, no folio gets D. After shutdown every mapping-changing begin returns -EIO and nothing new becomes durable.',
    from: ['CR-91'],
  },
  {
    id: 'INV-77',
    name: 'bounded device queue per call',
    scope: 'T,H',
    sentence:
      'A sync call returns only after all ioends that carry bytes covered by it have run their completion work; a returning truncate only after the folios removed by it have no writeback.',
    from: ['WB-61', 'WB-55'],
  },
];

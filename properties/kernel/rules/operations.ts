/**
 * The table of operations fits what is asked of it: tables for reading do not get writes, tables for reports nothing but
 * reports, and all tables of one device belong to one file system. Tables are known by their names; where the kernel
 * prints addresses nothing is judged.
 */

import { OpFlag } from '../../../model/contract/op-flags.js';
import { fileSystemOf } from '../device.js';
import type { KernelRule } from '../rule.js';

interface Kind {
  readonly word: string;
  readonly fits: (flags: number) => boolean;
}

const { WRITE, ZERO, REPORT, DIRECT } = OpFlag;
const KINDS: readonly Kind[] = [
  { word: '_read_', fits: flags => (flags & (WRITE | ZERO)) === 0 },
  { word: '_seek_', fits: flags => (flags & REPORT) !== 0 },
  { word: '_report_', fits: flags => (flags & REPORT) !== 0 },
  { word: '_xattr_', fits: flags => (flags & REPORT) !== 0 },
  { word: '_buffered_write_', fits: flags => (flags & (WRITE | ZERO)) !== 0 && (flags & DIRECT) === 0 },
  { word: '_direct_write_', fits: flags => (flags & (WRITE | DIRECT)) === (WRITE | DIRECT) },
  { word: '_overwrite_', fits: flags => (flags & WRITE) !== 0 },
  { word: '_dio_', fits: flags => (flags & DIRECT) !== 0 },
];
/** XFS has one table for each way in; what a function may use is fixed. */
const XFS: Readonly<Record<string, readonly string[]>> = {
  iomap_file_buffered_write: ['xfs_buffered_write_iomap_ops', 'xfs_zoned_buffered_write_iomap_ops'],
  iomap_page_mkwrite: ['xfs_buffered_write_iomap_ops', 'xfs_zoned_buffered_write_iomap_ops'],
  iomap_read_folio: ['xfs_read_iomap_ops'],
  iomap_readahead: ['xfs_read_iomap_ops'],
  iomap_seek_data: ['xfs_seek_iomap_ops'],
  iomap_seek_hole: ['xfs_seek_iomap_ops'],
  iomap_fiemap: ['xfs_read_iomap_ops', 'xfs_xattr_iomap_ops'],
};

export const operations: KernelRule = {
  id: 'K-OPS',
  sentence: 'A table of operations is used for what it is made for, and a device has the tables of one file system.',
  sources: ['SEEK-06', 'MAP-11', 'RP-01'],
  exercised: 'an iteration step named its table of operations',
  lines: 1,
  watch(world, judge) {
    return {
      iter(event) {
        const { ops, flags, caller } = event;
        const fs = fileSystemOf(ops);
        if (fs === '') return judge.undecided();
        if (world.device.fs !== '' && fs !== world.device.fs) {
          return judge.broken(event, `${ops} on device ${event.dev}, which holds ${world.device.fs}`);
        }
        const wrong = KINDS.find(kind => ops.includes(kind.word) && !kind.fits(flags));
        const only = fs === 'xfs' ? XFS[caller] : undefined;
        if (wrong !== undefined || (only !== undefined && !only.includes(ops))) {
          return judge.broken(event, `${caller} does not use ${ops}`);
        }
        return judge.held();
      },
    };
  },
};

/** What kinds of operations there are, as far as the checks care. Lists of names, so that a new operation is one word here. */
import { type Call, CallFlag, LOOKING, type OperationName, operationTable } from '../../../model/contract/index.js';

/** Only look: MAP-11, INV-09. */
const READING: readonly OperationName[] = [...LOOKING, 'readahead'];
/** May change content, size or map on the application's behalf. */
const STORING: readonly OperationName[] = [
  'write',
  'dwrite',
  'mapwrite',
  'truncate',
  'falloc',
  'punch',
  'zero',
  'collapse',
  'insert',
  'unshare',
  'reflink',
  'dedupe',
  'copy',
  'remount',
  'remove',
  'shutdown',
];
/** May change the in-core size (INV-35). */
const SIZING: readonly OperationName[] = [
  'write',
  'dwrite',
  'mapwrite',
  'truncate',
  'falloc',
  'zero',
  'collapse',
  'insert',
  'unshare',
  'reflink',
  'copy',
  'remount',
  'remove',
];
/** May set the on-disk size without I/O having completed (INV-44); a write never does (WB-53). */
const COMMITTING: readonly OperationName[] = [
  'mapwrite',
  'truncate',
  'falloc',
  'zero',
  'collapse',
  'insert',
  'unshare',
  'reflink',
  'copy',
  'remount',
  'remove',
];
/** May throw away dirty cache, because its bytes go (PC-91, PC-92, PC-45). */
const DROPPING: readonly OperationName[] = [
  'write',
  'dwrite',
  'copy',
  'truncate',
  'falloc',
  'punch',
  'zero',
  'collapse',
  'insert',
  'unshare',
  'reflink',
  'remount',
  'remove',
  'shutdown',
];
/** The content that changes is [offset, offset + length), and what lies between it and the old end. */
const LOCAL: readonly OperationName[] = ['write', 'dwrite', 'mapwrite', 'punch', 'zero', 'falloc'];
/** Give the inode a new life, or end it. */
const RENEWING: readonly OperationName[] = ['remount', 'remove'];
/** Those that do it to every inode. */
const REMOUNTING: readonly OperationName[] = ['remount'];

type Kind = 'reading' | 'storing' | 'sizing' | 'dropping' | 'local' | 'renewing' | 'committing' | 'remounting';
const members: Readonly<Record<Kind, readonly OperationName[]>> = {
  reading: READING,
  storing: STORING,
  sizing: SIZING,
  dropping: DROPPING,
  local: LOCAL,
  renewing: RENEWING,
  committing: COMMITTING,
  remounting: REMOUNTING,
};
const kinds = Object.keys(members) as Kind[];
const table = operationTable(name =>
  kinds.reduce((bits, kind, bit) => (members[kind].includes(name) ? bits | (1 << bit) : bits), 0),
);

/** The kinds of the operation of a call, as bits of `Is`. */
export function kindsOf(call: Call): number {
  return table[call.operation]!;
}

export const Is = {
  reading: 1,
  storing: 2,
  sizing: 4,
  dropping: 8,
  local: 16,
  renewing: 32,
  committing: 64,
  remounting: 128,
} as const;

/** True if the call has to be asked for data synchronization when it returns (O_DSYNC, MS_SYNC). */
export function syncsAtReturn(call: Call): boolean {
  return (call.flags & (CallFlag.DSYNC | CallFlag.SYNC | CallFlag.MSYNC)) !== 0;
}

/**
 * INV-48 no lost error: an error of writeback is reported by the next sync call on each descriptor, once, and nothing is
 * reported without one (WB-70 … 76). A call does not say which descriptor it uses, so a sync call is held to what all of
 * them agree on: if each owes the report it must come, if none does it must not.
 */
import {
  type Call,
  EIO,
  ENOSPC,
  type Errno,
  errnoName,
  type OperationName,
  operationTable,
} from '../../model/contract/index.js';
import { syncsAtReturn } from './engine/call-kinds.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

/** What an operation does to the debts; consumers report an error, or not, depending on what they found to do. */
const ROLES: ReadonlyMap<OperationName, 'sync' | 'consumer' | 'restart'> = new Map([
  ['fsync', 'sync'],
  ['fdatasync', 'sync'],
  ['msync', 'consumer'],
  ['munmap', 'consumer'],
  ['syncRange', 'consumer'],
  ['dropCaches', 'consumer'],
  ['remount', 'restart'],
  ['remove', 'restart'],
  ['shutdown', 'restart'],
]);
const roles = operationTable(name => ROLES.get(name));

/** How far it is known that nobody has seen the last error, so that a new descriptor has to report it too (WB-70). */
const Unseen = { no: 0, perhaps: 1, certainly: 2 } as const;

/** What the descriptors of a file owe. */
class Debt {
  open = 1;
  /** How many descriptors owe a report, at least and at most. */
  least = 0;
  most = 0;
  unseen: number = Unseen.no;
  errno: Errno = EIO;
  /** What was recorded since a sync call began last: the errno of its own pass goes before the last one (WB-76). */
  readonly during: Errno[] = [];

  recorded(errno: Errno): void {
    this.errno = errno;
    this.during.push(errno);
    this.least = this.most = this.open;
    this.unseen = Unseen.certainly;
  }

  opened(): void {
    this.open++;
    if (this.unseen === Unseen.certainly) this.least++;
    if (this.unseen !== Unseen.no) this.most++;
  }

  /** All are closed; the next use opens one. */
  closed(): void {
    this.open = 1;
    this.least = this.unseen === Unseen.certainly ? 1 : 0;
    this.most = this.unseen === Unseen.no ? 0 : 1;
  }

  /** One descriptor reported. */
  reported(): void {
    this.least = Math.max(0, this.least - 1);
    this.most = Math.max(0, this.most - 1);
    this.unseen = Unseen.no;
  }

  /** The descriptor that was used owed nothing. */
  quiet(): void {
    this.most = Math.min(this.most, this.open - 1);
    this.least = Math.min(this.least, this.most);
  }

  /** One descriptor may have reported. */
  perhapsReported(): void {
    this.least = Math.max(0, this.least - 1);
    if (this.unseen === Unseen.certainly) this.unseen = Unseen.perhaps;
  }

  /** Nothing is known, but how many descriptors there are. */
  forget(): void {
    this.least = 0;
    this.most = this.open;
    this.unseen = Unseen.perhaps;
  }
}

export const inv48: CheckDefinition = {
  id: 'INV-48',
  checks: 'fsync after a recorded writeback error returns the last errno, and without a new one returns 0',
  exercised: 'an fsync or fdatasync that returned, of which all descriptors expect the same',
  silent:
    'where some descriptors owe a report and others do not; overlapping calls; failures of the sync itself, and after calls that may have consumed the error',
  hears: ['writeback-error'],
  make(world) {
    const debts: Debt[] = [];
    const debtOf = (file: number): Debt => (debts[file] ??= new Debt());
    const note = (call: Call, role: string | undefined, overlapped: boolean): void => {
      const debt = debtOf(call.file);
      if (role === 'restart') {
        for (let file = 0; file < world.files.length; file++) {
          if (call.name === 'remove' && file !== call.file) continue;
          const other = debtOf(file);
          if (call.name !== 'shutdown') other.open = 1;
          other.forget();
        }
      } else if (overlapped) {
        // Beside others only those that report, or begin or end a descriptor, are of unknown order.
        if (role !== undefined || syncsAtReturn(call) || call.name === 'open' || call.name === 'close') debt.forget();
      } else if (role === 'consumer' || syncsAtReturn(call)) debt.perhapsReported();
      if (call.name === 'open') debt.opened();
      else if (call.name === 'close') debt.closed();
    };
    const check: PropertyCheck = {
      id: 'INV-48',
      exercised: 0,
      reset() {
        debts.length = 0;
      },
      event(_kind, file, errno) {
        debtOf(file).recorded(errno);
        return null;
      },
      called(call) {
        if (roles[call.operation] === 'sync') debtOf(call.file).during.length = 0;
      },
      returned(call, answer) {
        const entry = world.calls.returning!;
        const role = roles[call.operation];
        note(call, role, entry.overlapped);
        if (role !== 'sync') return null;
        const debt = debtOf(call.file);
        const { least, most, open, errno, during } = debt;
        const reports = most > 0 && (answer.error === errno || during.includes(answer.error));
        if (reports) debt.reported();
        else debt.quiet();
        if (entry.overlapped) debt.forget();
        if (least === open || most === 0) check.exercised++;
        const itself = entry.faults !== world.calls.faults || (answer.error !== EIO && answer.error !== ENOSPC);
        if (reports || (least < open && (answer.error === 0 || itself))) return null;
        const was =
          least < open
            ? 'no error was recorded since the last'
            : `writeback had recorded -${errnoName(errno)}${open > 1 ? `, which none of ${open} descriptors had reported` : ''}`;
        const got = answer.error === 0 ? '0' : `-${errnoName(answer.error)}`;
        return world.finding('INV-48', call.file, -1, -1, `${call.name} returned ${got}, but ${was} (WB-71)`);
      },
    };
    return check;
  },
};

/** How the rules' messages name numbers and operations. */
import type { IterEvent } from '../../model/contract/kernel-event.js';
import { opFlagNames } from '../../model/contract/op-flags.js';

/** As the kernel prints positions. */
export function hex(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'beyond 2^53' : 'below −2^53';
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

/** A count of bytes. */
export function bytes(value: number): string {
  return Number.isFinite(value) ? `${value} bytes` : 'an unbounded length';
}

/** An operation, by what its iteration says. */
export function describe(event: IterEvent): string {
  return `${event.caller} (${opFlagNames(event.flags).join('|') || 'read'}) of inode ${hex(event.ino)}`;
}

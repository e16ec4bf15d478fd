/** What a call may answer that others overlapped, beside what it may answer alone (INV-30, INV-31, INV-48, DIO-82). */
import { type Call, CallFlag, EAGAIN, EFAULT, EINVAL, EIO, ENXIO, type OperationName } from '../../contract/index.js';
import { mayGoThroughCache } from '../operations/buffers.js';
import type { Expected, Operation } from '../operations/operation.js';
import type { State } from '../state/state.js';

/** Refused with -EINVAL for what the map is like (DIO-20) or how large the source is: others may have changed either. */
const BY_MAP_OR_SOURCE: ReadonlySet<OperationName> = new Set<OperationName>(['dread', 'reflink', 'dedupe', 'copy']);

/**
 * Others worked on the file meanwhile. What the call says of the map, or met in it, may be older or newer than what the
 * model has; of two sync calls either may report an error; stores may stop at an end that came nearer; a direct request may
 * meet reserved blocks, or a folio that cannot be dropped (DIO-82, DIO-52).
 */
export function loosen(state: State, operation: Operation, call: Call, expected: Expected): void {
  const file = state.file(call.file);
  if (operation.rule === 'INV-37') {
    expected.success = true;
    expected.least = call.offset;
    expected.most = Math.max(call.offset, file.size, state.overlap.sizes()?.most ?? 0);
    expected.or(ENXIO);
  } else if (operation.flushes === true || call.name === 'dwrite' || call.name === 'dread') {
    const refusal = call.name === 'dwrite' ? EAGAIN : BY_MAP_OR_SOURCE.has(call.name) ? EINVAL : null;
    if (!expected.success && refusal !== null && expected.errors.includes(refusal)) {
      expected.success = true;
      // What was refused before anything was done may come as far as its buffer (DIO-30, DIO-36).
      const reachable = call.accessible < 0 ? call.length : Math.min(call.accessible, call.length);
      expected.most = Math.max(expected.most, reachable);
      if (reachable < call.length) expected.or(EFAULT);
    }
    // A folio that cannot be dropped sends it through the cache, and others may have changed the block where its buffer ends.
    if (call.name === 'dwrite' && call.accessible >= 0 && call.accessible < call.length)
      mayGoThroughCache(call, expected);
    if (call.name === 'dread') expected.or(EIO);
    // A folio that cannot be dropped sends it through the cache, which is no pure overwrite (DIO-07, MAP-35).
    if ((call.flags & CallFlag.OVERWRITE_ONLY) !== 0) expected.or(EAGAIN);
    // A block that another call has just dirtied wants whole sectors, a hole does not (DIO-20).
    const unit = state.geometry.sectorSize;
    const whole = [call.offset, call.length, Math.max(0, call.accessible)].every(edge => edge % unit === 0);
    if (call.name === 'dread' && !whole) expected.or(EINVAL);
    if (call.name === 'dwrite') file.descriptors.record(EIO);
    if (call.name === 'dwrite' && (call.flags & (CallFlag.DSYNC | CallFlag.SYNC)) !== 0) expected.or(EIO);
  }
  // A direct write that has not answered may have recorded that it could not drop a folio.
  const syncs = CallFlag.DSYNC | CallFlag.SYNC | CallFlag.MSYNC;
  if (operation.rule === 'INV-48' || (call.flags & syncs) !== 0)
    for (const { name, file: id } of state.overlap.calls()) if (name === 'dwrite' && id === call.file) expected.or(EIO);
  // The growth that a mapped store began with may have been undone before it stored.
  if (call.name === 'mapwrite' && (state.overlap.sizes()?.least ?? 0) < call.offset + call.length) {
    expected.least = Math.min(expected.least, 1);
    expected.or(EFAULT);
  }
  if (
    file.descriptors.mayReport &&
    !expected.success &&
    file.descriptors.errnos.some(errno => expected.errors.includes(errno))
  )
    expected.success = true;
}

/**
 * Failures that were injected while calls are open: what they let those calls answer, and what of the files they may have
 * lost. Which call a failure hits is not known before the calls answer, so it counts for all that are open.
 */
import {
  type Call,
  CallFlag,
  type CallId,
  type ChoiceLabel,
  EINTR,
  EIO,
  ENOMEM,
  ENOSPC,
  type Errno,
} from '../../contract/index.js';
import { mayGoThroughCache } from '../operations/buffers.js';
import type { Expected, Operation } from '../operations/operation.js';
import type { Effect } from '../oracle.js';
import type { FileModel } from '../state/file.js';
import { mayBeLost } from '../state/map.js';
import type { State } from '../state/state.js';

type Fault = Extract<Effect, { kind: 'fault' }>;

/** The errno that each injected failure can cause, if none is told; absent: none of its own. */
const CAUSED: Readonly<Partial<Record<ChoiceLabel, Errno>>> = {
  'folio-allocation': ENOMEM,
  'block-allocation': ENOSPC,
  'writeback-map': EIO,
  'bio-status': EIO,
  'mapping-broken': EIO,
  signal: EINTR,
};

/** A failure that a call may answer with; 0: it may only have stopped early. */
interface Share {
  readonly call: CallId;
  readonly errno: Errno;
}

export class Faults {
  private readonly shares: Share[] = [];

  reset(): void {
    this.shares.length = 0;
  }

  get none(): boolean {
    return this.shares.length === 0;
  }

  /** The call may have stopped half way, and says so. */
  mayStop({ id }: Call): boolean {
    return this.shares.some(({ call, errno }) => call === id && errno !== 0);
  }

  /** Permits the errno, and a transfer that stopped early. */
  widen(operation: Operation, of: Call, expected: Expected): void {
    const { id, name, flags, accessible, length } = of;
    // Without memory a write that must not block answers -EAGAIN (PC-11).
    const retried = name === 'write' && (flags & CallFlag.NOWAIT) !== 0;
    for (const { call, errno } of this.shares) {
      if (call !== id) continue;
      if (errno !== 0 && !(retried && errno === ENOMEM)) expected.or(errno);
      if (operation.changes === 'range' || operation.judge !== undefined) expected.least = Math.min(expected.least, 1);
      // What could not be written back before it sends it through the cache (DIO-08).
      if (name === 'dwrite' && accessible >= 0 && accessible < length) mayGoThroughCache(of, expected);
    }
  }

  /** One has happened. True if it may have lost what was on its way to the device. */
  happened(state: State, fault: Fault): boolean {
    const { bio } = fault;
    // Whatever the log fails with, the file system answers EIO.
    const errno = (bio === null || bio.cargo === 'data' ? fault.errno : undefined) ?? CAUSED[fault.choice] ?? 0;
    this.share(state, fault, errno);
    // Without a mapping the rest of the folio is given up, and the ioend that was pending fails with the pass (WB-10, WB-29).
    const unmapped = fault.choice === 'writeback-map';
    // A flush that fails keeps freed blocks from being had, and so writeback of any file from going on.
    if (!unmapped && (fault.choice !== 'bio-status' || bio?.kind === 'read')) return false;
    const known = bio !== null && bio.cargo === 'data';
    const hit = unmapped ? (fault.file ?? fault.call.file) : known ? bio.file : null;
    const unwaited = unmapped || (bio !== null && !known);
    // Without the bio, every file with stores on their way may have lost some. Some bios are of no file.
    for (const file of state.files)
      if (hit === null ? file.dirty || file.id === fault.call.file : file.id === hit)
        fail(state, file, errno, unwaited);
    return true;
  }

  /** A call has answered. What an open call stored may have been lost before that. */
  answered(state: State, call: Call): void {
    const file = state.file(call.file);
    if (file.failing) mayBeLost(state, file);
    if (!state.overlap.idle) return;
    this.reset();
    for (const each of state.files) {
      each.failing = false;
      each.unwaited = false;
    }
  }

  /** Any call in progress may be the one that shows it. */
  private share(state: State, { call, others = [] }: Fault, errno: Errno): void {
    this.shares.push({ call: call.id, errno });
    state.overlap.eachOpen(other => {
      if (other.id !== call.id) this.shares.push({ call: other.id, errno });
    });
    for (const other of others) this.shares.push({ call: other.id, errno });
  }
}

function fail(state: State, file: FileModel, errno: Errno, unwaited: boolean): void {
  mayBeLost(state, file);
  file.failing = true;
  file.unwaited ||= unwaited;
  // A failed direct write is told to its caller, not recorded (DIO-38).
  file.descriptors.record(errno);
  file.flushErrors.add(errno);
}

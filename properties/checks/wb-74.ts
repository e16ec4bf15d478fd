/**
 * WB-74: beside the error sequence of its descriptors a file has flags that say that writeback failed. Whoever writes it
 * back for itself, without a descriptor, reports what they say and clears them; a sync that reports clears them too
 * (WB-71). What a direct write could not drop from the cache is on record for descriptors only (DIO-52).
 */
import {
  type Call,
  CallFlag,
  EIO,
  ENOSPC,
  type Errno,
  Ev,
  errnoName,
  type FileId,
  type Finding,
  type OperationName,
} from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

/** They may write a file back for themselves, or its source: they report the flags, or pass them over in some cases (DIO-08). */
const FLUSHING: readonly OperationName[] = [
  'write',
  'dread',
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
  'fiemap',
];

/** How far it is known that a flag is set. */
const Flag = { clear: 0, perhaps: 1, set: 2 } as const;

/** The two flags of a file. */
class Flags {
  eio: number = Flag.clear;
  enospc: number = Flag.clear;
  /** Before the last error was recorded. */
  #eioBefore: number = Flag.clear;
  #enospcBefore: number = Flag.clear;
  /** When the last error was recorded, or reported through a descriptor: the moment of the world. */
  at = -1;

  of(errno: Errno): number {
    return errno === ENOSPC ? this.enospc : this.eio;
  }

  record(errno: Errno, at: number): void {
    this.at = at;
    this.#eioBefore = this.eio;
    this.#enospcBefore = this.enospc;
    if (errno === ENOSPC) this.enospc = Flag.set;
    else this.eio = Flag.set;
  }

  /** The last error was for descriptors only. */
  takeBack(): void {
    this.eio = this.#eioBefore;
    this.enospc = this.#enospcBefore;
  }

  reported(at: number): void {
    this.at = at;
    this.clear();
  }

  clear(): void {
    this.eio = this.enospc = Flag.clear;
  }

  /** Somebody may have cleared them. */
  doubt(): void {
    this.eio = Math.min(this.eio, Flag.perhaps);
    this.enospc = Math.min(this.enospc, Flag.perhaps);
  }
}

/** It certainly writes its file back first, and answers what the flags say (DIO-03, FM-01). */
function asksFlags({ name, flags }: Call): boolean {
  return name === 'dread' ? (flags & CallFlag.NOWAIT) === 0 : name === 'fiemap' && (flags & CallFlag.FLUSH) !== 0;
}

export const wb74: CheckDefinition = {
  id: 'WB-74',
  checks:
    'after an error of writeback a direct read and a fiemap that writes back first answer it, once, and no call answers one that is not on record',
  exercised:
    'a direct read or such a fiemap that ended while an error was on record, or a call that failed with one, and nothing else happened meanwhile',
  silent:
    'of calls that others or failures met; of ENOSPC where space may be short; of who writes back for itself in some cases only, and may pass the error over (DIO-08)',
  hears: ['writeback-error', 'sync-error', 'dio-invalidate'],
  answers: [...FLUSHING, 'remove', 'remount'],
  make(world) {
    const files: Flags[] = [];
    const flagsOf = (file: FileId): Flags => (files[file] ??= new Flags());
    const blame = ({ name, file }: Call, what: string): Finding =>
      world.finding('WB-74', file, -1, -1, `${name} ${what}`);
    const judgeSuccess = (call: Call, flags: Flags): Finding | null => {
      const owed = flags.eio === Flag.set ? EIO : flags.enospc === Flag.set ? ENOSPC : 0;
      if (flags.eio !== Flag.clear || flags.enospc !== Flag.clear) check.exercised++;
      flags.clear();
      if (owed === 0) return null;
      return blame(call, `wrote the file back first and succeeded, but -${errnoName(owed)} of writeback was on record`);
    };
    const judgeError = (call: Call, errno: Errno, flags: Flags, source: Flags): Finding | null => {
      check.exercised++;
      const mayBeItsOwn = flags.of(errno) !== Flag.clear;
      const mayBeOfSource = source.of(errno) !== Flag.clear;
      if (!mayBeItsOwn && !mayBeOfSource)
        return blame(
          call,
          `answered -${errnoName(errno)}, but nothing failed, and no error of writeback was on record`,
        );
      // Where both files may have had the error, the flags of one of them are still set.
      if (flags === source || !mayBeOfSource) flags.clear();
      else if (!mayBeItsOwn) source.clear();
      else {
        flags.doubt();
        source.doubt();
      }
      return null;
    };
    const check: PropertyCheck = {
      id: 'WB-74',
      exercised: 0,
      reset() {
        files.length = 0;
      },
      event(kind, file, errno, _b, c) {
        const flags = flagsOf(file);
        if (kind === Ev['writeback-error']) flags.record(errno, world.moment);
        else if (kind === Ev['sync-error']) flags.reported(world.moment);
        else if (c !== 0) flags.takeBack();
        return null;
      },
      returned(call, answer) {
        const { error } = answer;
        const flags = flagsOf(call.file);
        if (call.name === 'remount' || call.name === 'remove') {
          for (const each of call.name === 'remount' ? files : [flags]) each?.clear();
          return null;
        }
        const source = flagsOf(call.fromFile);
        const { returning } = world.calls;
        const undisturbed =
          !world.down &&
          returning?.overlapped === false &&
          returning.faults === world.calls.faults &&
          Math.max(flags.at, source.at) < returning.moment;
        if (!undisturbed) {
          flags.doubt();
          source.doubt();
          return null;
        }
        const asks = asksFlags(call);
        if (error === 0 && asks && (call.name === 'fiemap' || answer.count > 0)) return judgeSuccess(call, flags);
        if (error === EIO || (error === ENOSPC && asks)) return judgeError(call, error, flags, source);
        flags.doubt();
        source.doubt();
        return null;
      },
    };
    return check;
  },
};

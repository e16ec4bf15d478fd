/** What the system said when something could not be done with a file, in the words of one line. */
import { getSystemErrorMap } from 'node:util';
import { UsageError } from '../cli/exit.js';

/** Errors whose own words tell a user little. */
const PLAINER: Readonly<Record<string, string>> = { EISDIR: 'it is a folder' };

/** "no such file or directory"; null for an error that is none of the system. */
function reasonOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { errno, syscall } = error as NodeJS.ErrnoException;
  if (errno === undefined || syscall === undefined) return null;
  const name = getSystemErrorMap().get(errno)?.[0] ?? '';
  return PLAINER[name] ?? getSystemErrorMap().get(errno)?.[1] ?? error.message;
}

/** An error of the system as one of the user, with what could not be done to which file; null for any other error. */
export function systemFault(error: unknown): UsageError | null {
  const reason = reasonOf(error);
  if (reason === null) return null;
  const { syscall, path } = error as NodeJS.ErrnoException;
  return new UsageError(`cannot ${syscall}${path === undefined ? '' : ` ${path}`}: ${reason}`);
}

/** That `what`, a path or an option with one, cannot be written. What is no error of the system is thrown as it is. */
export function unwritable(what: string, error: unknown): UsageError {
  return unusable(what, 'written', error);
}

/** The same of what cannot be read. */
export function unreadable(what: string, error: unknown): UsageError {
  return unusable(what, 'read', error);
}

function unusable(what: string, deed: string, error: unknown): UsageError {
  const reason = reasonOf(error);
  if (reason === null) throw error;
  return new UsageError(`${what}: cannot be ${deed}: ${reason}`);
}

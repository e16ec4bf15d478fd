/**
 * Whether something can be written, asked before the work of which it is the result. Nothing stays behind: neither an
 * empty file nor an empty folder where there was none.
 */
import { accessSync, constants, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../cli/exit.js';
import { unwritable } from './fault.js';

/** A folder that files are to be written into. `what` is how an error calls it: an option with its value. Throws UsageError. */
export function checkFolder(path: string, what: string): void {
  check(what, () => tryFolder(what, resolve(path)));
}

/** A file that is to be written, in the same way. */
export function checkFile(path: string, what: string): void {
  check(what, () => {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory() === true || path.endsWith('/'))
      throw new UsageError(`${what}: expected a file, got a folder`);
    if (there !== undefined) accessSync(path, constants.W_OK);
    else tryFolder(what, dirname(resolve(path)));
  });
}

/** Writes into the folder, or into the nearest one that is there, and takes away what it wrote. */
function tryFolder(what: string, folder: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there === undefined) {
    tryFolder(what, dirname(folder));
    return;
  }
  if (!there.isDirectory()) throw new UsageError(`${what}: expected ${folder} to be a folder, got a file`);
  const probe = mkdtempSync(join(folder, '.iomap-check-'));
  try {
    writeFileSync(join(probe, 'probe'), '?');
  } finally {
    rmSync(probe, { recursive: true });
  }
}

function check(what: string, attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw unwritable(what, error);
  }
}

/** How all commands write files: folders that are missing are made. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { unwritable } from './fault.js';

/** Writes a file. `what` is how an error calls it. Throws UsageError. */
export function writeFile(path: string, text: string, what = path): void {
  try {
    makeFolder(dirname(resolve(path)));
    writeFileSync(path, text);
  } catch (error) {
    throw unwritable(what, error);
  }
}

/** One folder after the other: where nothing can be made, as in /proc, `recursive` of Node 20 tries for ever. */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

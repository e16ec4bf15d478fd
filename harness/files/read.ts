/** How all commands read files of text. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '../cli/exit.js';
import { unreadable } from './fault.js';

/** What a file is called: `-` is standard input. */
export function fileName(path: string): string {
  return path === '-' ? 'standard input' : path;
}

/** The text of a file, unpacked if it is gzipped. `what` is how an error calls it. Throws UsageError. */
export function readText(path: string, what = fileName(path)): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === '-' ? process.stdin.fd : path);
  } catch (error) {
    throw unreadable(what, error);
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes);
    } catch (error) {
      throw new UsageError(`${what}: expected gzipped text, got ${(error as Error).message}`);
    }
  }
  // Some editors put a mark in front that says nothing.
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

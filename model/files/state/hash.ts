/** A file's contents as one number, to compare with recordings. */
import { createHash } from 'node:crypto';
import { loadBytes } from './bytes.js';
import type { FileModel } from './file.js';

/** Contents beyond this size are not hashed. */
const LARGEST = 2 ** 30;

/** SHA-256 in hexadecimal digits; empty for a file that is too large. */
export function hashOf(file: FileModel): string {
  if (file.size > LARGEST) return '';
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(65_536);
  for (let at = 0; at < file.size; at += buffer.length) {
    const n = Math.min(buffer.length, file.size - at);
    loadBytes(file, at, n, buffer, 0);
    hash.update(buffer.subarray(0, n));
  }
  return hash.digest('hex');
}

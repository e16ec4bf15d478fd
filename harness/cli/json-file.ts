/** Writes a report as JSON where the user wants it. */
import { writeFileSync } from 'node:fs';
import { UsageError } from './exit.js';

export function writeJson(path: string, report: object): void {
  try {
    writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`--json ${path}: ${(error as Error).message}`);
  }
}

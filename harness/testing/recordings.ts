/**
 * Tests that need the recordings beside the checkout (`../shared`). A checkout without them passes its tests all the
 * same: such a test is then registered as skipped, under a title that says what is missing, and the test runner lists it
 * by name. The tests of this room are skipped nowhere else.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

const { skip } = test;
const shared = new URL('../../../../shared/', import.meta.url);

/** The path of a file or folder of the recordings, whether it is there or not: `recordingPath('fsx-ops')`. */
function recordingPath(name: string): string {
  return fileURLToPath(new URL(name, shared));
}

/** Registers a test that needs `name` of the recordings, and gets its path. */
export function recordingTest(
  name: string,
  title: string,
  run: (t: ExecutionContext, path: string) => void | Promise<void>,
): void {
  const path = recordingPath(name);
  testWhere(existsSync(path), name, title, t => run(t, path));
}

/** The same of a test for which it is known whether there is enough to test. */
export function testWhere(
  there: boolean,
  name: string,
  title: string,
  run: (t: ExecutionContext) => void | Promise<void>,
): void {
  if (there) test(title, run);
  else skip(`${title} (needs ../shared/${name})`, run);
}

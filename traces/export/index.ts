/** What a trace can be exported as. `export --help` and the command derive from this list. */
import type { Trace } from '../format/trace.js';
import { writeTrace } from '../format/writer.js';
import { exportFsx } from './fsx.js';
import { exportXfsIo } from './xfs-io.js';

export { plainPath, shellWord } from './shell.js';

export interface Exporter {
  readonly kind: string;
  readonly about: string;
  /** `name` is how errors call the trace. */
  write(trace: Trace, name: string): string;
}

export const EXPORTERS: readonly Exporter[] = [
  { kind: 'xfs_io', about: 'a shell script of xfs_io calls', write: exportXfsIo },
  { kind: 'fsx', about: 'an fsx operation log', write: exportFsx },
  { kind: 'trace', about: 'a trace of our own format', write: writeTrace },
];

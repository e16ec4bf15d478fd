/** The reports that shards left: files of `run --json`, or the folders in which they are. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { UsageError } from '../cli/exit.js';
import { unreadable } from '../files/fault.js';
import { readText } from '../files/read.js';
import { RUN_SCHEMA, type RunReport } from './report.js';

export interface ReportFile {
  readonly path: string;
  readonly report: RunReport;
}

const count = { type: 'number', minimum: 0 };
const counts = { type: 'object', additionalProperties: count };
const words = { type: 'array', items: { type: 'string' } };
const list = (...required: string[]): object => ({ type: 'array', items: { type: 'object', required } });

/** As much of a report as reading on relies on. */
const properties = {
  schema: { const: RUN_SCHEMA },
  version: { type: 'string' },
  seed: { type: 'string' },
  kernel: { type: 'string' },
  target: { type: 'string' },
  inject: words,
  strategy: { type: ['string', 'null'] },
  crashEvery: { type: ['number', 'null'] },
  shards: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[1-9]\\d*/[1-9]\\d*$' } },
  whole: { type: 'boolean' },
  parts: { ...list('fs', 'name', 'geometry', 'tasks', 'operations', 'seconds'), minItems: 1 },
  operations: count,
  sequences: count,
  schedules: count,
  seconds: count,
  injections: counts,
  crashes: counts,
  events: counts,
  checks: counts,
  coverage: {
    type: 'object',
    required: ['transitions', 'operations'],
    properties: {
      transitions: {
        type: 'object',
        required: ['hit', 'total', 'missed'],
        properties: { hit: count, total: count, missed: words },
      },
      operations: counts,
    },
  },
  obligations: { type: 'object', required: ['met', 'missed'], properties: { met: counts, missed: words } },
  known: list('id', 'reason', 'count'),
  skipped: words,
  violations: list('id', 'message', 'trace', 'steps', 'operations', 'lane', 'sequence', 'note'),
  neglected: words,
};
const isReport = new Ajv({ strict: false }).compile<RunReport>({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

/** The reports of a file or a folder, in the order of their names. Throws UsageError. */
export function readReports(path: string): ReportFile[] {
  const files = isFolder(path) ? filesIn(path) : [path];
  const reports = files.flatMap(file => readReport(file, file === path));
  if (reports.length === 0) throw new UsageError(`${path}: expected reports of run --json in it, found none`);
  return reports.map(({ path: file, report }) => ({ path: file, report: withTraces(report, dirname(file)) }));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter(name => name.endsWith('.json'));
  return names.sort().map(name => join(folder, name));
}

/** `asked`: the user named this file; in a folder other JSON may lie about. */
function readReport(path: string, asked: boolean): ReportFile[] {
  let value: unknown;
  try {
    value = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path}: expected a report of run --json: ${(error as Error).message}`);
  }
  if (isReport(value)) return [{ path, report: value }];
  const [fault] = isReport.errors ?? [];
  const ours = (value as { schema?: unknown } | null)?.schema === RUN_SCHEMA;
  if (!asked && !ours) return [];
  throw new UsageError(
    `${path}: expected a report of run --json, version ${RUN_SCHEMA}: ${fault?.instancePath || 'it'} ${fault?.message}`,
  );
}

/** Traces lie where the shard ran, or have come here with its report. */
function withTraces(report: RunReport, folder: string): RunReport {
  const violations = report.violations.map(violation => {
    const { trace } = violation;
    if (trace === null || existsSync(trace)) return violation;
    const here = join(folder, basename(trace));
    return existsSync(here) ? { ...violation, trace: here } : violation;
  });
  return { ...report, violations };
}

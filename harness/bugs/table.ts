/** The report of a hunt for a person: one line a bug, what was missed by name, and where the traces are. */
import { plainPath, shellWord } from '../../traces/export/index.js';
import type { Detection } from './campaign-child.js';
import type { BugReport, HuntReport } from './hunt.js';

/** The detection table, ending with a newline. */
export function detectionTable(report: HuntReport): string {
  const head = ['bug', ...report.seeds.map(seed => `seed ${seed}`), 'by', 'steps'];
  const rows = [head, ...report.bugs.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map(cells => cells[column]!.length)));
  const lines = rows.map(cells =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const traces = report.bugs.flatMap(({ slug, trace, message, note }) => [
    ...(message === null ? [] : [`${slug}: ${message}`]),
    ...(trace === null ? [] : [`  a trace of it, which fails only with the diff applied: ${trace}`]),
    ...(note === null ? [] : [`  ${note}`]),
  ]);
  const alarms = report.alarms.flatMap(alarm);
  const count = report.falseAlarms === null ? '' : `, false alarms of the unchanged package: ${report.falseAlarms}`;
  const found = `${report.found} of ${report.total} found on every seed${count}`;
  const told = [...traces, ...alarms];
  return `${[...lines, '', ...told, ...(told.length > 0 ? [''] : []), found].join('\n')}\n`;
}

/** What the unchanged package was reported for. */
function alarm({ seed, by, message, trace }: Detection): string[] {
  const busy = by === 'hang' ? '; the machine may be busy, and --patience gives it longer' : '';
  return [
    `unchanged package, seed ${seed}: ${by}: ${message}${busy}`,
    ...(trace === null ? [] : [`  iomap-check replay ${shellWord(plainPath(trace))}`]),
  ];
}

function row(bug: BugReport): string[] {
  const cells = bug.detections.map(detection => {
    if (detection === null) return 'not run';
    if (detection.alarm) return 'alarm';
    if (!detection.found) return 'missed';
    return detection.operations === null ? 'found' : detection.operations.toLocaleString('en');
  });
  return [bug.slug, ...cells, bug.by ?? '-', bug.steps === null ? '-' : String(bug.steps)];
}

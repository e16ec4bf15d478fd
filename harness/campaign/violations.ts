/** The violations of a campaign as a person reads them: what, where in the campaign, and how to see it again. */
import pc from 'picocolors';
import { stepsInWords } from '../../traces/format/index.js';
import { thousands } from './numbers.js';
import type { RunReport, ViolationReport } from './report.js';
import { replayCommand } from './trace-file.js';

export function violationLines({ violations }: RunReport): string[] {
  return violations.flatMap(violation => [
    pc.red(`${violation.id} violated after ${thousands(violation.operations)} operations of lane ${violation.lane}`),
    `  ${violation.message}`,
    `  ${traceOf(violation)}`,
  ]);
}

function traceOf({ trace, unwritten, steps, note, sequence, lane }: ViolationReport): string {
  const remark = note === null ? '' : ` (${note})`;
  if (trace !== null) return `${stepsInWords(steps)}${remark}: ${replayCommand(trace)}`;
  if (unwritten !== null) return `${stepsInWords(steps)}${remark}; trace could not be written: ${unwritten}`;
  return `sequence ${sequence} of lane ${lane}; ${note}`;
}

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

function traceOf({ trace, unwritten, steps, signature, sequence, lane }: ViolationReport): string {
  if (trace !== null) return `${stepsInWords(steps)}: ${replayCommand(trace)}`;
  if (unwritten !== null) return `${stepsInWords(steps)}; trace could not be written: ${unwritten}`;
  const place = `sequence ${sequence} of lane ${lane}`;
  if (signature.endsWith('/not repeated')) return `${place} passed when it ran again: the target is not deterministic`;
  if (signature.endsWith('/not recorded')) return `${place}; it was not run again for a trace`;
  return `${place}; there is no trace, because what runs it does not come back`;
}

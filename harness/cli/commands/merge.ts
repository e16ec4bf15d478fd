/** `iomap-check merge`: the reports of shards as the report of one campaign. */
import { casesOfRun } from '../../campaign/cases.js';
import { disagreement, mergeReports } from '../../campaign/merge.js';
import { dutyDone } from '../../campaign/report.js';
import { type ReportFile, readReports } from '../../campaign/report-files.js';
import { summary } from '../../campaign/summary.js';
import type { CliCommand } from '../command.js';
import { Exit, UsageError } from '../exit.js';
import { besideResults, declareResults, type ResultOptions, writeResults } from '../results.js';

export const merge: CliCommand = {
  name: 'merge',
  summary: 'joins the reports of shards (run --shard --json); exit 1 if one found a violation, 4 if a shard is missing',
  declare(command) {
    declareResults(command.argument('<dir...>', 'folders with such reports, or the reports themselves'));
  },
  async run(paths, raw, given): Promise<Exit> {
    const options = raw as unknown as ResultOptions;
    const console = besideResults(given, options);
    const files = paths.flatMap(readReports);
    agree(files);
    const report = mergeReports(files.map(file => file.report));
    console.out.write(summary(report, 'merge'));
    writeResults(given, options, report, () => casesOfRun('merge', report));
    if (report.violations.length > 0) return Exit.violation;
    return dutyDone(report) ? Exit.clean : Exit.duty;
  },
};

/** Each with all before it: a shard that is there twice may be anywhere. */
function agree(files: readonly ReportFile[]): void {
  files.forEach(({ path, report }, place) => {
    for (const before of files.slice(0, place)) {
      const fault = disagreement(before.report, report);
      if (fault !== null)
        throw new UsageError(`${path}: expected another shard of the campaign of ${before.path}, got ${fault}`);
    }
  });
}

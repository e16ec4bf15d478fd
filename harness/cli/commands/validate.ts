/** `iomap-check validate FILE…`: what a real kernel did, held against the contract. */
import { kernelRules } from '../../../properties/kernel/rules/index.js';
import { fileName } from '../../files/read.js';
import { casesOfValidation } from '../../validate/cases.js';
import { cutShort, type ValidateJson, validateJson, validateText } from '../../validate/report.js';
import { validateFile } from '../../validate/validate.js';
import type { CliCommand } from '../command.js';
import { Exit } from '../exit.js';
import { besideResults, declareResults, type ResultOptions, writeResults } from '../results.js';

/** Several recordings in one record: sums, and findings in the order of the files. */
function join(parts: readonly ValidateJson[]): ValidateJson {
  const [first, ...others] = parts;
  return others.reduce((sum, part) => {
    const add = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> =>
      Object.fromEntries(Object.keys(a).map(id => [id, (a[id] ?? 0) + (b[id] ?? 0)]));
    return {
      schema: sum.schema,
      events: sum.events + part.events,
      operations: sum.operations + part.operations,
      checks: add(sum.checks, part.checks),
      undecided: add(sum.undecided, part.undecided),
      findings: [...sum.findings, ...part.findings],
    };
  }, first!);
}

interface Options extends ResultOptions {
  readonly quiet?: true;
}

export const validate: CliCommand = {
  name: 'validate',
  summary: 'checks kernel tracepoint text against the contract',
  declare(command) {
    declareResults(
      command
        .argument('<file...>', 'text of a trace buffer, plain or gzipped; - for standard input')
        .option('--quiet', 'print findings only'),
    );
  },
  async run(args, raw, given) {
    const options = raw as unknown as Options;
    const console = besideResults(given, options);
    const parts: ValidateJson[] = [];
    for (const path of args) {
      const validator = await validateFile(path);
      const part = validateJson(kernelRules, validator);
      parts.push(part);
      const name = fileName(path);
      if (options.quiet !== true || part.findings.length > 0)
        console.out.write(validateText(kernelRules, validator, name));
      else console.err.write(cutShort(validator, name));
    }
    const all = join(parts);
    writeResults(given, options, all, () => casesOfValidation(all));
    return all.findings.length === 0 ? Exit.clean : Exit.violation;
  },
};

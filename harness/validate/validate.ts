/** Validates a recording, from a file or from text in memory. */
import { kernelRules } from '../../properties/kernel/rules/index.js';
import { KernelTextParser, readKernelText } from '../../traces/ftrace/text.js';
import { UsageError } from '../cli/exit.js';
import { systemFault, unreadable } from '../files/fault.js';
import { fileName } from '../files/read.js';
import { KernelValidator } from './validator.js';

/** Reads and judges a file (`-` for standard input). Throws a `UsageError` that names it if there is nothing to judge. */
export async function validateFile(path: string): Promise<KernelValidator> {
  const validator = new KernelValidator(kernelRules);
  const name = fileName(path);
  try {
    await readKernelText(path, validator);
  } catch (error) {
    if (systemFault(error) !== null) throw unreadable(name, error);
    throw new UsageError(`${name}: expected plain or gzipped text, got ${(error as Error).message}`);
  }
  validator.end();
  if (validator.events === 0)
    throw new UsageError(`${name}: no tracepoint event in it (text of tracefs or trace-cmd report is wanted)`);
  return validator;
}

/** Judges text. */
export function validateText(text: string): KernelValidator {
  const validator = new KernelValidator(kernelRules);
  const parser = new KernelTextParser(validator);
  parser.push(Buffer.from(text, 'latin1'));
  parser.end();
  validator.end();
  return validator;
}

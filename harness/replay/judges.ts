/**
 * With which judges a run shows what its trace records. A forbidden crash state may have been found without the always-on
 * checks (`explore --crash`), which may end a run before power is lost: then it is seen without them only.
 */
import type { Finding, TargetFactory } from '../../model/contract/index.js';
import type { Trace } from '../../traces/format/index.js';
import { runProgram } from './program.js';
import { scriptOf } from './script.js';
import { signatureOf } from './signature.js';
import { Tools } from './tools.js';

export interface Judges {
  readonly tools: Tools;
  /** What an always-on check finds earlier in the run, if the violation of the trace shows only without these checks. */
  readonly before: Finding | null;
}

export function judgesOf(trace: Trace, factory: TargetFactory): Judges {
  const all = { tools: new Tools(), before: null };
  const { verdict } = trace;
  if (verdict.kind !== 'violation' || scriptOf(trace).crashes.size === 0) return all;
  const shows = (finding: Finding): boolean => signatureOf(finding, trace) === verdict.signature;
  const found = runProgram(trace, factory, all.tools);
  if (found === null || shows(found)) return all;
  const unwatched = new Tools(false);
  const crash = runProgram(trace, factory, unwatched);
  return crash !== null && shows(crash) ? { tools: unwatched, before: found } : all;
}

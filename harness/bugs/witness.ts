/**
 * A trace as witness of a mutation: it has to fail where the mutation is, by a rule that the diff says it breaks, and pass
 * where it is not. Replaying it takes milliseconds, where finding it takes a campaign.
 */
import { implementation } from '../../impl/index.js';
import type { Finding } from '../../model/contract/index.js';
import type { Trace } from '../../traces/format/index.js';
import { runProgram } from '../replay/program.js';
import { Tools } from '../replay/tools.js';
import { loadMutant } from './mutant.js';
import type { Patch } from './patch.js';

/** The rules that may report a mutation: those of its row, and those that see the same thing from another side. */
export function mayReport(patch: Patch): readonly string[] {
  const also = patch.headers.get('also') ?? '';
  return [
    ...(patch.headers.get('kills') ?? '').split(' '),
    ...also.split(' ').filter(word => /^[A-Z]+-\w+$/.test(word)),
  ];
}

export interface Testimony {
  readonly patched: Finding | null;
  readonly unpatched: Finding | null;
}

/** What each trace shows, with the mutation and without it. */
export async function testimonies(patch: Patch, traces: readonly Trace[]): Promise<Testimony[]> {
  const mutant = await loadMutant(patch);
  const tools = new Tools();
  return traces.map(trace => {
    const { fs } = trace.header;
    return {
      patched: runProgram(trace, mutant[fs]!, tools),
      unpatched: runProgram(trace, implementation[fs]!, tools),
    };
  });
}

/** What the trace shows without any mutation: then it is no witness of one. */
export function shownWithout(trace: Trace): Finding | null {
  return runProgram(trace, implementation[trace.header.fs]!, new Tools());
}

/** Does it say what it should? */
export function convicts({ patched, unpatched }: Testimony, patch: Patch): boolean {
  return unpatched === null && patched !== null && mayReport(patch).includes(patched.id);
}

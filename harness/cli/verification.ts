/** `iomap-check rules --verify ID`: what is shown for one rule, as text and as JSON. */
import pc from 'picocolors';
import type { Finding } from '../../model/contract/index.js';
import type { RuleKiller } from '../../properties/mutations/killers.js';
import type { CatalogueEntry } from '../../properties/rules/index.js';
import { writeTrace } from '../../traces/format/index.js';
import { evidenceOf, killerOf, verify } from '../bugs/killers.js';
import type { Patch } from '../bugs/patch.js';

/** Lines of a trace that are printed for a person. */
const MOST_LINES = 10;

export interface Verification {
  /** A check of the rule kills its mutation. */
  readonly killed: boolean;
  /** For a person. */
  readonly lines: readonly string[];
  /** For `--json`. */
  readonly json: Readonly<Record<string, unknown>>;
}

export async function verification(entry: CatalogueEntry): Promise<Verification> {
  const killer = killerOf(entry);
  return killer === null ? withoutMutation(entry) : withMutation(entry, killer);
}

async function withMutation(entry: CatalogueEntry, killer: RuleKiller): Promise<Verification> {
  const evidence = evidenceOf(killer);
  const { patch, trace } = evidence;
  const { patched, unpatched, killed } = await verify(killer, evidence);
  const breaks = patch.headers.get('breaks') ?? '';
  const through = killer.rule === entry.id ? '' : `, which ${killer.rule} looks after`;
  const program = writeTrace(trace).trimEnd().split('\n');
  const more = program.length - MOST_LINES;
  return {
    killed,
    lines: [
      `${pc.bold(entry.id)}${through}: the mutation ${pc.bold(killer.mutation)}`,
      `  ${breaks}`,
      ...changedLines(patch).map(line => `    ${line}`),
      `  ${trace.header.fs} with it: ${said(patched)}`,
      ...program.slice(0, MOST_LINES).map(line => `    ${line}`),
      ...(more > 0 ? [`    … and ${more} more lines`] : []),
      `  ${trace.header.fs} without it: ${said(unpatched)}`,
      `  ${killed ? pc.green('killed') : pc.red(`${killer.rule} does not kill it`)}`,
    ],
    json: {
      rule: entry.id,
      verdict: killed ? 'killed' : 'not-killed',
      by: killer.rule,
      mutation: killer.mutation,
      breaks,
      trace: program,
      patched,
      unpatched,
    },
  };
}

/** Says by name that there is no mutation, and why. */
function withoutMutation({ id, guards }: CatalogueEntry): Verification {
  const why =
    guards.length === 0 ? 'nothing checks it' : 'only what a kernel recorded is held against it (iomap-check validate)';
  return {
    killed: false,
    lines: [`${pc.bold(id)}: ${pc.yellow('no mutation')}: ${why}`],
    json: { rule: id, verdict: 'no-mutation', why },
  };
}

function said(finding: Finding | null): string {
  return finding === null ? pc.green('nothing is reported') : `${pc.red(finding.id)} ${finding.message}`;
}

/** The lines that a diff takes out and puts in, by file. */
function changedLines({ files }: Patch): string[] {
  return files.flatMap(({ path, hunks }) => [
    path,
    ...hunks.flatMap(({ parsed }) => parsed.lines.filter(line => /^[-+]/.test(line))),
  ]);
}

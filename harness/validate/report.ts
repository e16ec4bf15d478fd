/** What a validation says: the text for people and the record for programs (`validate --json`). */
import type { KernelNote } from '../../model/contract/kernel-event.js';
import type { KernelRule } from '../../properties/kernel/rule.js';
import type { KernelValidator } from './validator.js';

/** The surface other programs rely on. */
export interface ValidateJson {
  readonly schema: 'iomap-check/validate/1';
  readonly events: number;
  readonly operations: number;
  readonly checks: Readonly<Record<string, number>>;
  readonly undecided: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly line: number; readonly id: string; readonly message: string }[];
}

export function validateJson(rules: readonly KernelRule[], validator: KernelValidator): ValidateJson {
  const column = (of: (index: number) => number): Record<string, number> =>
    Object.fromEntries(rules.map((rule, index) => [rule.id, of(index)]));
  return {
    schema: 'iomap-check/validate/1',
    events: validator.events,
    operations: validator.operations,
    checks: column(index => validator.counts[index]!.checked),
    undecided: column(index => validator.counts[index]!.undecided),
    findings: validator.findings.map(({ line, id, message }) => ({ line, id, message })),
  };
}

/** What could not be used, one line each. */
function noteText(note: KernelNote): string {
  switch (note.kind) {
    case 'lost':
      return `line ${note.line}: ${note.count < 0 ? 'events' : `${note.count} events`} of CPU ${note.cpu} lost; nothing is concluded across the gap`;
    case 'overwritten':
      return `line ${note.line}: the oldest ${note.count} events were overwritten; the recording begins in the middle`;
    case 'truncated':
      return `line ${note.line}: the compressed data ends early`;
    case 'unreadable':
      return `line ${note.line}: neither an event nor a comment: ${note.text.trim().slice(0, 80)}`;
    case 'snapshot':
      return `line ${note.line}: complete`;
  }
}

/** That the recording ends early is told also where only findings are wanted: nothing is known of what is missing. */
export function cutShort({ notes }: KernelValidator, name: string): string {
  return notes
    .filter(note => note.kind === 'truncated')
    .map(note => `${name}: ${noteText(note)}\n`)
    .join('');
}

/** The findings by line, each with its operation's events, the rule and its sentence; then what was checked. */
export function validateText(rules: readonly KernelRule[], validator: KernelValidator, name: string): string {
  const out: string[] = [];
  const sentences = new Map(rules.map(rule => [rule.id, rule]));
  for (const finding of validator.findings) {
    const rule = sentences.get(finding.id);
    out.push(`${name}:${finding.line}: ${finding.id}: ${finding.message}`);
    if (rule !== undefined) out.push(`    rule: ${rule.sentence} (${rule.sources.join(', ')})`);
    for (const { line, text } of finding.quoted) {
      out.push(`  ${line === finding.line ? '>' : ' '} ${String(line).padStart(7)} ${text.trim()}`);
    }
    out.push('');
  }
  for (const note of validator.notes) out.push(`note: ${noteText(note)}`);
  if (validator.moreNotes > 0) out.push(`note: ${validator.moreNotes} more of this kind`);
  for (const [event, count] of validator.unknown) out.push(`note: event ${event} is not known here (${count} times)`);
  for (const [flags, line] of validator.unknownFlags) out.push(`note: line ${line}: flags ${flags} are not known here`);
  const width = Math.max(...rules.map(rule => rule.id.length));
  out.push(`${'rule'.padEnd(width)}  checked  undecided  broken`);
  rules.forEach((rule, index) => {
    const { checked, undecided, broken } = validator.counts[index]!;
    const columns = [String(checked).padStart(7), String(undecided).padStart(9), String(broken).padStart(6)];
    out.push(`${rule.id.padEnd(width)}  ${columns.join('  ')}  ${rule.sentence}`);
  });
  const broken = validator.counts.reduce((sum, count) => sum + count.broken, 0);
  out.push(
    `${name}: ${validator.events} events, ${validator.operations} operations, ${broken === 0 ? 'nothing broken' : `${broken} broken`}`,
  );
  return `${out.join('\n')}\n`;
}

/** `iomap-check rules [ID…]`: every rule and invariant, and what checks it. */
import { writeFileSync } from 'node:fs';
import { type CatalogueEntry, catalogue, type Guard } from '../../../properties/rules/index.js';
import type { CliCommand } from '../command.js';
import { Exit, UsageError } from '../exit.js';

/** Width of the table: what fits a terminal of 120 columns. */
const WIDTH = 120;

export const rules: CliCommand = {
  name: 'rules',
  summary: 'every rule and invariant, and what checks it',
  declare(command) {
    command
      .argument('[id...]', 'tell all about these rules, INV-13 or MAP-44 for example')
      .option('--json <file>', 'write the list as JSON, - for standard output');
  },
  run(ids, options, console) {
    const all = catalogue();
    const wanted = ids.length === 0 ? all : ids.map(id => find(all, id));
    const json = options['json'] as string | undefined;
    const text = `${JSON.stringify({ schema: 1, rules: wanted }, null, 2)}\n`;
    if (json !== undefined && json !== '-') writeFileSync(json, text);
    if (json === '-') console.out.write(text);
    else console.out.write(ids.length === 0 ? table(wanted) : wanted.map(details).join('\n'));
    return Exit.clean;
  },
};

function find(all: readonly CatalogueEntry[], id: string): CatalogueEntry {
  const entry = all.find(it => it.id.toLowerCase() === id.toLowerCase());
  if (entry === undefined) throw new UsageError(`there is no rule ${id} (iomap-check rules lists them all)`);
  return entry;
}

function table(entries: readonly CatalogueEntry[]): string {
  const rows = entries.map(entry => [entry.id, label(entry.guards), title(entry)] as const);
  const widths = [0, 1].map(column => Math.max(...rows.map(row => row[column]!.length)));
  const lines = rows.map(([id, guards, text]) => {
    const line = `${id.padEnd(widths[0]!)}  ${guards.padEnd(widths[1]!)}  ${text}`;
    return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`;
  });
  const guarded = entries.filter(entry => entry.guards.length > 0).length;
  return `${lines.join('\n')}\n\n${guarded} of ${entries.length} rules are checked by something.\n`;
}

function title(entry: CatalogueEntry): string {
  return entry.name === null ? entry.sentence : `${entry.name}: ${entry.sentence}`;
}

/** Who checks it, in at most a few words. */
function label(guards: readonly Guard[]): string {
  if (guards.length === 0) return '–';
  const names = guards.map(guard => (guard.by === 'check' ? guard.id : guard.by));
  const distinct = names.filter((name, i) => names.indexOf(name) === i);
  return distinct.length <= 2 ? distinct.join(', ') : `${distinct.slice(0, 2).join(', ')} +${distinct.length - 2}`;
}

function details(entry: CatalogueEntry): string {
  const lines = [
    `${entry.id}${entry.name === null ? '' : ` ${entry.name}`}  (${entry.source}${entry.scope === null ? '' : `, ${entry.scope}`})`,
  ];
  lines.push(...wrap(entry.sentence));
  if (entry.from.length > 0) lines.push(...wrap(`follows from ${entry.from.join(', ')}`));
  if (entry.guards.length === 0) lines.push('  nothing checks it');
  for (const guard of entry.guards) {
    lines.push('', `  ${guard.by} ${guard.id}`);
    lines.push(...wrap(guard.compares, '    '));
    if (guard.exercised !== null) lines.push(...wrap(`counts once for ${guard.exercised}`, '    '));
    if (guard.silent !== null) lines.push(...wrap(`silent: ${guard.silent}`, '    '));
  }
  return `${lines.join('\n')}\n`;
}

function wrap(text: string, indent = '  '): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  lines.push(line.trimEnd());
  return lines;
}

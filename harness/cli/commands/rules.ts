/**
 * `iomap-check rules [ID…]`: every rule and invariant, what checks it, and what shows that the check can fail; with
 * `--verify`, just that is done.
 */
import { type CatalogueEntry, catalogue, type Guard } from '../../../properties/rules/index.js';
import { killerOf } from '../../bugs/killers.js';
import type { CliCommand, Console } from '../command.js';
import { Exit, UsageError } from '../exit.js';
import { besideResults, declareJson, writeResults } from '../results.js';
import { verification } from '../verification.js';

/** Width of the table: what fits a terminal of 120 columns. */
const WIDTH = 120;

interface Options {
  readonly verify?: readonly string[];
  readonly json?: string;
}

export const rules: CliCommand = {
  name: 'rules',
  summary: 'every rule and invariant, what checks it, and what shows that the check can fail',
  declare(command) {
    declareJson(
      command
        .argument('[id...]', 'tell all about these rules, INV-13 or MAP-44 for example')
        .option(
          '--verify <id...>',
          'show for each of these rules a mutation that its check kills; exit 1 if it does not',
        ),
    );
  },
  async run(ids, given, console): Promise<Exit> {
    const options = given as unknown as Options;
    const all = catalogue();
    if (options.verify !== undefined) {
      if (ids.length > 0) throw new UsageError(`rules ${ids[0]}: expected --verify alone, or ids alone; not both`);
      const shown = await Promise.all(options.verify.map(id => verification(find(all, id))));
      write(
        { schema: 1, verified: shown.map(({ json }) => json) },
        shown.map(({ lines }) => lines.join('\n')),
        options,
        console,
      );
      return shown.every(({ killed }) => killed) ? Exit.clean : Exit.violation;
    }
    const wanted = ids.length === 0 ? all : ids.map(id => find(all, id));
    const report = {
      schema: 1,
      rules: wanted.map(entry => ({ ...entry, mutation: killerOf(entry)?.mutation ?? null })),
    };
    write(report, ids.length === 0 ? table(wanted) : wanted.map(details), options, console);
    return Exit.clean;
  },
};

function write(report: object, text: readonly string[], options: Options, console: Console): void {
  besideResults(console, options).out.write(`${text.join('\n')}\n`);
  writeResults(console, options, report);
}

function find(all: readonly CatalogueEntry[], id: string): CatalogueEntry {
  const entry = all.find(it => it.id.toLowerCase() === id.toLowerCase());
  if (entry === undefined) throw new UsageError(`there is no rule ${id} (iomap-check rules lists them all)`);
  return entry;
}

function table(entries: readonly CatalogueEntry[]): string[] {
  const rows = entries.map(
    entry => [entry.id, label(entry.guards), killerOf(entry) === null ? '' : 'mutation', title(entry)] as const,
  );
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]!.length)));
  const lines = rows.map(([id, guards, shown, text]) => {
    const line = `${id.padEnd(widths[0]!)}  ${guards.padEnd(widths[1]!)}  ${shown.padEnd(widths[2]!)}  ${text}`;
    return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`;
  });
  const guarded = entries.filter(entry => entry.guards.length > 0).length;
  const killed = entries.filter(entry => killerOf(entry) !== null).length;
  return [
    ...lines,
    '',
    `${guarded} of ${entries.length} rules are checked by something; for ${killed} a mutation shows that the check can fail (--verify ID).`,
  ];
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
  const killer = killerOf(entry);
  if (killer !== null) lines.push('', `  ${killer.rule} kills the mutation ${killer.mutation} (--verify ${entry.id})`);
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

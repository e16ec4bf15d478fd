/** The summary of a campaign that a person reads: what was done in a table, then what was found, last. */
import pc from 'picocolors';
import { INJECTIONS } from '../adversaries/categories.js';
import { count, thousands } from './numbers.js';
import { OWED_FROM } from './obligations.js';
import { overdue, type PartReport, type RunReport } from './report.js';
import { violationLines } from './violations.js';

/** So many rules that were not exercised are named. */
const FEW_RULES = 8;

export function summary(report: RunReport, command = 'run'): string {
  const found = report.violations.length === 0 ? [pc.green('No violation.')] : violationLines(report);
  const head = `${pc.bold(`iomap-check ${command}`)}  target ${report.target}  fs ${report.parts[0]?.fs ?? ''}  seed ${pc.cyan(report.seed)}`;
  const neglected = report.neglected.map(sentence => `${pc.red('duty failed')}: ${sentence}`);
  return `${[head, '', ...done(report), '', ...found, ...neglected].join('\n')}\n`;
}

/** What was done, a line each. */
function done(report: RunReport): string[] {
  const lines: string[] = [];
  const say = (label: string, text: string): void => void lines.push(`  ${pc.dim(label.padEnd(13))}${text}`);
  const { operations, sequences, seconds, operationsPerSecond } = report;
  say(
    'operations',
    `${thousands(operations)} in ${count(sequences, 'sequence')}, ${seconds.toFixed(1)} s, ${thousands(operationsPerSecond)} a second`,
  );
  geometries(report.parts.filter(part => part.operations > 0)).forEach((line, index) => {
    say(index === 0 ? 'geometries' : '', line);
  });
  const injected = INJECTIONS.filter(kind => report.injections[kind] > 0);
  say(
    'injections',
    injected.length === 0 ? 'none' : injected.map(kind => `${kind} ${thousands(report.injections[kind])}`).join(', '),
  );
  const events = (name: string): number => report.events[name] ?? 0;
  say(
    'mappings',
    `${thousands(events('stale'))} found stale, ${count(report.reBegins, 're-begin')}, ${count(events('punch'), 'punch', 'punches')}, ${count(events('convert'), 'conversion')}, ${count(events('remap'), 'remap')}`,
  );
  if (report.schedules > 0)
    say(
      'schedules',
      `${thousands(report.schedules)} of several tasks, ${count(report.preemptions, 'preemption')}, ${count(report.lockWaits, 'wait')} for a lock, ${count(report.staleBesideOthers, 'stale mapping')}`,
    );
  const { crashes } = report;
  if (crashes.cuts > 0)
    say(
      'crashes',
      `${count(crashes.losses, 'loss', 'losses')} of power; ${count(crashes.cuts, 'position')}, ${thousands(crashes.within)} inside a call; ${count(crashes.states, 'state')}, ${thousands(crashes.torn)} with a torn write of log or metadata, ${count(crashes.interrupted, 'crash', 'crashes')} of recovery`,
    );
  say('checks', checked(report.checks));
  const { hit, total, missed } = report.coverage.transitions;
  if (total > 0)
    say(
      'transitions',
      `${hit} of ${total} of the charts${missed.length > 0 ? pc.dim(`; --json names the ${missed.length} missed`) : ''}`,
    );
  const { obligations } = report;
  const owed = overdue(report);
  const early = report.operations < OWED_FROM ? pc.dim(` (owed from ${thousands(OWED_FROM)} operations on)`) : '';
  say('obligations', `${Object.keys(obligations.met).length} met, ${obligations.missed.length} missed${early}`);
  for (const name of owed) say('', pc.yellow(`never happened: ${name}`));
  for (const { id, reason, count: times } of report.known) say('known', `${id} ${count(times, 'time')}: ${reason}`);
  for (const name of report.skipped) say('skipped', pc.yellow(name));
  return lines;
}

/** In columns. */
function geometries(parts: readonly PartReport[]): string[] {
  const numbers = parts.map(part => count(part.operations, 'operation'));
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(text => text.length));
  const [names, counts] = [widest(parts.map(part => part.name)), widest(numbers.map(text => text.split(' ')[0]!))];
  return parts.map(({ name, operations, seconds, geometry }, index) => {
    const [number = '', word = ''] = numbers[index]!.split(' ');
    const rate = thousands(seconds > 0 ? operations / seconds : 0);
    const sizes = `B ${geometry.blockSize}, P ${geometry.pageSize}, folios to ${geometry.maxFolioSize}; ${rate}/s`;
    return `${name.padEnd(names)}  ${number.padStart(counts)} ${word.padEnd('operations'.length)}  ${pc.dim(sizes)}`;
  });
}

/** Rules that had nothing to judge are named if they are few. */
function checked(checks: RunReport['checks']): string {
  const ids = Object.keys(checks);
  const idle = ids.filter(id => checks[id] === 0);
  const times = Object.values(checks).reduce((sum, n) => sum + n, 0);
  const named = idle.length > 0 && idle.length <= FEW_RULES ? `; not ${idle.join(', ')}` : '';
  return `${ids.length - idle.length} of ${count(ids.length, 'rule')} exercised, ${count(times, 'time')}${named}`;
}

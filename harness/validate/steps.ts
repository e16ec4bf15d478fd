/**
 * A recording cut at its markers `step N`, each mapping with the question it answers. Which inode is which file of the
 * commands is learned from steps that name a single file not met before.
 */
import type { IterEvent, KernelEvent, MappingEvent } from '../../model/contract/kernel-event.js';
import { KernelTextParser } from '../../traces/ftrace/text.js';
import type { Commands } from './commands.js';

/** A mapping and who asked for it. */
export interface Reported {
  readonly event: MappingEvent;
  readonly asked: IterEvent;
}

/** What was recorded between two markers. */
export interface RecordedStep {
  readonly events: readonly KernelEvent[];
  readonly mappings: readonly Reported[];
}

/** The steps by number, from 1; what was recorded before the first marker is left out. */
export function readSteps(trace: string): readonly RecordedStep[] {
  const steps: { readonly events: KernelEvent[]; readonly mappings: Reported[] }[] = [];
  const asked = new Map<number, IterEvent>();
  const parser = new KernelTextParser({
    event(event) {
      if (event.kind === 'marker') {
        const number = /^step (\d+)$/.exec(event.marker)?.[1];
        if (number !== undefined) steps[Number(number)] = { events: [], mappings: [] };
        return;
      }
      const step = steps.at(-1);
      if (event.kind === 'iter') asked.set(event.task, event);
      step?.events.push(event);
      if (event.kind !== 'dstmap' && event.kind !== 'srcmap') return;
      const question = asked.get(event.task);
      if (question !== undefined) step?.mappings.push({ event, asked: question });
    },
    note: () => undefined,
  });
  parser.push(Buffer.from(trace, 'latin1'));
  parser.end();
  return Array.from(steps, step => step ?? { events: [], mappings: [] });
}

/** The file of each inode. */
export function readInodes(commands: Commands, steps: readonly RecordedStep[]): ReadonlyMap<number, number> {
  const files = new Map<number, number>();
  commands.steps.forEach((step, index) => {
    const named = new Set(step.actions.flatMap(a => ('kind' in a ? [a.file] : [a.file, a.fromFile])));
    for (const file of step.unknown ?? []) named.add(file);
    for (const file of files.values()) named.delete(file);
    const [file] = named;
    if (file === undefined || named.size > 1 || step.unknown === null) return;
    const inodes = new Set<number>();
    for (const event of steps[index + 1]?.events ?? []) {
      // The page cache also shows directories, and programs being started.
      if (event.name.startsWith('iomap_') && event.ino > 0 && !files.has(event.ino)) inodes.add(event.ino);
    }
    const [inode] = inodes;
    if (inode !== undefined && inodes.size === 1) files.set(inode, file);
  });
  return files;
}

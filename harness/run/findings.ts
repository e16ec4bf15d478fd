/** What the runner itself can find: a target that throws, deadlocks, starves somebody, or never ends (INV-72, INV-73). */
import type { Bytes, Call, Finding } from '../../model/contract/index.js';
import type { Activity } from './activity.js';

/** What a target says of itself, by throwing or by ending: no rule of the catalogue. */
export const ASSERT = 'ASSERT';

function finding(id: string, call: Call | null, message: string): Finding {
  return {
    id,
    message,
    file: call?.file ?? 0,
    offset: call?.offset ?? -1,
    length: call?.length ?? -1,
    call: call?.id ?? -1,
  };
}

/** The target threw: an assertion of its own, or a fault in it. The place is part of the message. */
export function fault(call: Call, error: unknown): Finding {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = /\((?:file:\/\/)?[^)]*\/((?:impl|model|properties|harness)\/[^):]+:\d+):\d+\)/.exec(stack)?.[1];
  return finding(ASSERT, call, `${call.name} #${call.id} threw ${text}${place === undefined ? '' : ` at ${place}`}`);
}

/** Nothing can go on: the wait graph. */
export function deadlock(waiting: readonly Activity[]): Finding {
  return finding('INV-73', waiting[0]?.call ?? null, `nothing can go on: ${waitGraph(waiting)}`);
}

/** The first yields without end. */
export function stepLimit(waiting: readonly Activity[]): Finding {
  return finding('INV-73', waiting[0]?.call ?? null, `no end within the step limit: ${waitGraph(waiting)}`);
}

/** Everybody was let go on in turn, and yet no call came to its end. */
export function starved(waiting: readonly Activity[], steps: number): Finding {
  const text = `no call ended in ${steps} steps that all took in turn: ${waitGraph(waiting)}`;
  return finding('INV-73', waiting[0]?.call ?? null, text);
}

/** An operation that asks for the same mapping for ever, without a yield point in between. */
export function endlessBegins(call: Call, pos: Bytes, times: number): Finding {
  const text = `${call.name} #${call.id} on file ${call.file} is starved: it began ${times} times at ${pos} without progress, and nobody else changed a mapping meanwhile (MAP-66)`;
  return finding('INV-73', call, text);
}

/** One waiter a clause: what for, and who has it. */
function waitGraph(waiting: readonly Activity[]): string {
  const clauses = waiting.map(activity => {
    const who = activity.call === null ? 'completion work' : `${activity.call.name} #${activity.call.id}`;
    const waitable = activity.waitsFor;
    if (waitable === null) return `${who} can go on`;
    const again = waitable.ready(activity) ? ' again and again' : '';
    const blockers = waitable.blockers();
    const held = blockers.length > 0 ? ` held by task ${blockers.join(', ')}` : '';
    return `${who} waits${again} for ${waitable.describe()}${held}`;
  });
  return clauses.join('; ');
}

/** What the runner itself can find: a target that throws, deadlocks, or never ends (INV-72, INV-73). */
import type { Call, Finding } from '../../model/contract/index.js';
import type { Activity } from './activity.js';

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
  return finding('ASSERT', call, `${call.name} #${call.id} threw ${text}${place === undefined ? '' : ` at ${place}`}`);
}

/** Nothing can go on: the wait graph, one waiter a clause. */
export function deadlock(waiting: readonly Activity[]): Finding {
  const clauses = waiting.map(activity => {
    const who = activity.call === null ? 'completion work' : `${activity.call.name} #${activity.call.id}`;
    const waitable = activity.waitsFor;
    if (waitable === null) return `${who} can go on`;
    const blockers = waitable.blockers();
    return `${who} waits for ${waitable.describe()}${blockers.length > 0 ? ` held by task ${blockers.join(', ')}` : ''}`;
  });
  return finding('INV-73', waiting[0]?.call ?? null, `nothing can go on: ${clauses.join('; ')}`);
}

/** An operation that yields without end. */
export function stepLimit(call: Call | null): Finding {
  const who = call === null ? 'completion work' : `${call.name} #${call.id}`;
  return finding('INV-73', call, `${who} did not end within the step limit`);
}

/** The calls that every sequence ends with. */
import { type Call, CallFlag, LARGEST_FILE, makeCall } from '../../model/contract/index.js';
import type { Sequence } from './sequence.js';

/** All is written back and dropped, then each file is looked at from the device. */
export function closing(sequence: Sequence): Call[] {
  const calls: Call[] = [];
  // Those of the program ascend.
  let id = 1 + (sequence.calls.at(-1)?.id ?? 0);
  const everything = { offset: Math.max(0, sequence.temper.base - sequence.part.span), length: sequence.part.span * 4 };
  for (let file = 0; file < sequence.files; file++) {
    calls.push(makeCall(id++, 'complete', file));
    calls.push(makeCall(id++, 'fsync', file));
    calls.push(
      makeCall(id++, 'fiemap', file, {
        offset: 0,
        length: Math.min(everything.offset + everything.length, LARGEST_FILE),
        flags: CallFlag.FLUSH,
      }),
    );
    calls.push(makeCall(id++, 'dropCaches', file, { flags: CallFlag.FLUSH }));
    calls.push(makeCall(id++, 'read', file, everything));
    calls.push(makeCall(id++, 'stat', file));
  }
  return calls;
}

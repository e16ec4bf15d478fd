/** What a search for a serial order is about: calls on one file that overlapped in time, with what they answered. */
import type { Bytes, Call, Errno } from '../../model/contract/index.js';

export interface Event {
  readonly call: Call;
  /** When it began, and when it answered, among all beginnings and answers. */
  readonly start: number;
  end: number;
  error: Errno;
  count: Bytes;
  /** What a read returned, or a write stored. */
  bytes: Uint8Array;
  /** What a stat answered. */
  size: Bytes;
  /** It takes effect at one moment between its beginning and its answer. */
  readonly atomic: boolean;
}

/** `write #3 [0, 64) answered 64`, for a message. */
export function tell({ call, error, count, size }: Event): string {
  const { name, id, offset, length } = call;
  const where = name === 'truncate' ? `to ${call.size}` : name === 'stat' ? '' : `[${offset}, ${offset + length})`;
  const answer = error < 0 ? `error ${error}` : name === 'stat' ? `size ${size}` : String(count);
  return `${name} #${id} ${where === '' ? '' : `${where} `}answered ${answer}`;
}

/**
 * What an operation of the alphabet is: a function that does a call and fills its answer. Those that never have to wait
 * answer at once; the others are steps.
 */
import type { Answer, Call, Steps } from '../../../model/contract/index.js';
import type { Context } from '../../library/index.js';
import type { XfsFileSystem } from '../file-system.js';

export type Operation = (call: Call, fs: XfsFileSystem, context: Context, answer: Answer) => Answer | Steps<Answer>;

/** A count when it is not negative, else an errno. */
export function settle(answer: Answer, result: number): Answer {
  if (result < 0) answer.error = result;
  else answer.count = result;
  return answer;
}

export function fail(answer: Answer, error: number): Answer {
  answer.error = error;
  return answer;
}

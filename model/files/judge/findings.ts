/** How the model says what is wrong with an answer. */
import type { Bytes, Call, Finding, RuleId } from '../../contract/index.js';

export function finding(id: RuleId, call: Call, offset: Bytes, length: Bytes, message: string): Finding {
  return { id, message, file: call.file, offset, length, call: call.id };
}

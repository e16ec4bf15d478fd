/** INV-51 one verdict: a request returns an errno or a count no larger than asked, and -ENOTBLK stays inside (DIO-38, DIO-46). */
import { EIOCBQUEUED, ENOTBLK, errnoName, type OperationName } from '../../model/contract/index.js';
import type { CheckDefinition, PropertyCheck } from './engine/definition.js';

const TRANSFERS: readonly OperationName[] = ['read', 'write', 'dread', 'dwrite', 'copy'];

export const inv51: CheckDefinition = {
  id: 'INV-51',
  checks:
    'an answer is an errno or a count, the count is not larger than the request, and the errno is not -ENOTBLK or -EIOCBQUEUED',
  exercised: 'a call that transfers bytes and returned',
  answers: TRANSFERS,
  make(world) {
    const check: PropertyCheck = {
      id: 'INV-51',
      exercised: 0,
      returned(call, answer) {
        check.exercised++;
        let fault = '';
        if (answer.error === ENOTBLK || answer.error === EIOCBQUEUED)
          fault = `-${errnoName(answer.error)}, which is not for applications`;
        else if (answer.error !== 0 && answer.count !== 0)
          fault = `both -${errnoName(answer.error)} and ${answer.count} bytes`;
        else if (answer.count < 0 || (answer.count > call.length && call.length > 0))
          fault = `${answer.count} of ${call.length} bytes`;
        return fault === ''
          ? null
          : world.finding('INV-51', call.file, call.offset, call.length, `${call.name} returned ${fault}`);
      },
    };
    return check;
  },
};

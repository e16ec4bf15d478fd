/** A target that is wrong only where calls overlap: a read that lasted while another call answered loses its last byte. */
import type { Target, TargetFactory } from '../../../model/contract/index.js';

export function lyingAfterPreemption(factory: TargetFactory): TargetFactory {
  return {
    name: `${factory.name}, wrong where calls overlap`,
    create(config): Target {
      const target = factory.create(config);
      let answered = 0;
      return {
        work: target.work,
        ...(target.orderedByLock === undefined ? {} : { orderedByLock: target.orderedByLock }),
        ...(target.view === undefined ? {} : { view: target.view }),
        ...(target.device === undefined ? {} : { device: target.device }),
        *start(call, task, into) {
          const before = answered;
          const answer = yield* target.start(call, task, into);
          if (call.name === 'read' && answer.error === 0 && answer.count > 0 && answered > before)
            answer.bytes[answer.count - 1]! ^= 0x55;
          answered++;
          return answer;
        },
      };
    },
  };
}

/**
 * Targets with a planted fault, for tests of whatever has to notice, replay or shrink it. A fault is told of every call
 * before it runs and may spoil its answer; it sees calls only, so that it needs no knowledge of the implementation.
 */
import type { Answer, Call, Target, TargetFactory } from '../../model/contract/index.js';

/** Lives for one sequence. */
export interface PlantedFault {
  called?(call: Call): void;
  /** May change the answer. */
  answered(call: Call, answer: Answer): void;
}

/** The target of `factory`, with a fault made anew for each sequence. */
export function withFault(factory: TargetFactory, fault: () => PlantedFault): TargetFactory {
  return {
    name: `${factory.name} with a planted fault`,
    create(config): Target {
      const target = factory.create(config);
      const planted = fault();
      return {
        work: target.work,
        ...(target.view === undefined ? {} : { view: target.view }),
        ...(target.device === undefined ? {} : { device: target.device }),
        *start(call, task, into) {
          planted.called?.(call);
          const answer = yield* target.start(call, task, into);
          planted.answered(call, answer);
          return answer;
        },
      };
    },
  };
}

/** Reads show a wrong byte once the file was punched and then written. */
export function wrongAfterPunchAndWrite(): PlantedFault {
  let punched = false;
  let armed = false;
  return {
    called(call) {
      if (call.name === 'punch' && call.length > 0) punched = true;
      else if (call.name === 'write' && punched) armed = true;
    },
    answered(call, answer) {
      if (armed && call.name === 'read' && answer.error === 0 && answer.count > 0) answer.bytes[0]! ^= 0x55;
    },
  };
}

/** A target that tells of no locks, only which of its calls are atomic: for tests of the search for serial orders. */
import { Ev, type OperationName, type Target, type TargetFactory } from '../../model/contract/index.js';

/** What the file system does under the inode lock, in the words of one that does not tell of it. */
const ATOMIC: readonly OperationName[] = ['read', 'write', 'truncate', 'falloc', 'punch', 'zero'];

export function withoutLocks(factory: TargetFactory): TargetFactory {
  return {
    name: `${factory.name}, without telling of locks`,
    create(config): Target {
      const { sink } = config;
      const target = factory.create({
        ...config,
        sink: {
          emit(kind, file, a, b, c) {
            if (kind !== Ev.lock && kind !== Ev.unlock) sink.emit(kind, file, a, b, c);
          },
          iteration: (step, record) => sink.iteration(step, record),
        },
      });
      return {
        work: target.work,
        atomic: ATOMIC,
        ...(target.view === undefined ? {} : { view: target.view }),
        ...(target.device === undefined ? {} : { device: target.device }),
        start: (call, task, into) => target.start(call, task, into),
      };
    },
  };
}

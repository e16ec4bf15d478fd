/** A target that tells of no locks, only which of its calls are atomic: for tests of the search for serial orders. */
import {
  Ev,
  type OperationName,
  type Target,
  type TargetConfig,
  type TargetFactory,
} from '../../model/contract/index.js';

/** What the file system does under the inode lock, in the words of one that does not tell of it. */
const ATOMIC: readonly OperationName[] = ['read', 'write', 'truncate', 'falloc', 'punch', 'zero'];

export function withoutLocks(factory: TargetFactory): TargetFactory {
  const { mount } = factory;
  const hidden: TargetFactory = {
    name: `${factory.name}, without telling of locks`,
    create: config => silent(factory.create(deaf(config))),
  };
  if (mount === undefined) return hidden;
  return {
    ...hidden,
    mount(config, image, looked): Target | null {
      const target = mount.call(factory, deaf(config), image, looked);
      return target === null ? null : silent(target);
    },
  };
}

/** Whoever listens hears nothing of locks. */
function deaf(config: TargetConfig): TargetConfig {
  const { sink } = config;
  return {
    ...config,
    sink: {
      emit(kind, file, a, b, c) {
        if (kind !== Ev.lock && kind !== Ev.unlock) sink.emit(kind, file, a, b, c);
      },
      iteration: (step, record) => sink.iteration(step, record),
    },
  };
}

function silent(target: Target): Target {
  return {
    work: target.work,
    atomic: ATOMIC,
    ...(target.view === undefined ? {} : { view: target.view }),
    ...(target.device === undefined ? {} : { device: target.device }),
    start: (call, task, into) => target.start(call, task, into),
  };
}

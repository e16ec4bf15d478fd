/** Targets that tell of no locks, only which of their calls are atomic: for tests of the search for serial orders. */
import {
  Answer,
  type Call,
  Ev,
  makeCall,
  type OperationName,
  type Steps,
  type Target,
  type TargetConfig,
  type TargetFactory,
  type Task,
  Y,
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

/** The same, but what a read returns was there at two moments: its first half, and then the second. */
export function readsTwice(factory: TargetFactory): TargetFactory {
  const whole = withoutLocks(factory);
  return {
    name: `${whole.name}, reading in two parts`,
    create(config): Target {
      const target = whole.create(config);
      return {
        ...target,
        start: (call, task, into) =>
          call.name === 'read' && call.length > 1 && call.accessible < 0 && call.flags === 0
            ? halves(target, call, task, into)
            : target.start(call, task, into),
      };
    },
  };
}

function* halves(target: Target, call: Call, task: Task, into: Answer): Steps<Answer> {
  const { id, file, offset, length } = call;
  const first = Math.floor(length / 2);
  yield* target.start(makeCall(id, 'read', file, { task: call.task, offset, length: first }), task, into);
  if (into.error !== 0 || into.count < first) return into;
  // The bytes of an answer last until others go on.
  const before = into.bytes.slice(0, first);
  yield Y['Y-LK1'];
  const second = makeCall(id, 'read', file, { task: call.task, offset: offset + first, length: length - first });
  const rest = yield* target.start(second, task, new Answer());
  const after = rest.error === 0 ? rest.bytes.subarray(0, rest.count) : [];
  into.bytes = Uint8Array.of(...before, ...after);
  into.count = first + after.length;
  return into;
}

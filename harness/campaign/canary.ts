/**
 * What a campaign asks of itself before it asks anything of the target: that its oracle and checks notice a target that
 * lies, and that the same sequences run twice give the same result. A checker that cannot fail is worthless, and so is a
 * simulator that is not deterministic.
 */
import { createHash } from 'node:crypto';
import type { Target, TargetFactory } from '../../model/contract/index.js';
import { LaneRunner } from './lane.js';
import type { LaneResult } from './lane-result.js';
import type { CampaignShape } from './sequence.js';

/** How many operations may pass until the canary has to be noticed. */
const PATIENCE = 5000;

/** The target, but every thirtieth read of at least one byte has its last byte wrong. */
function lying(factory: TargetFactory): TargetFactory {
  let reads = 0;
  return {
    name: `${factory.name}, lying`,
    create(config): Target {
      const target = factory.create(config);
      return {
        work: target.work,
        ...(target.view === undefined ? {} : { view: target.view }),
        ...(target.device === undefined ? {} : { device: target.device }),
        *start(call, task, into) {
          const answer = yield* target.start(call, task, into);
          if (call.name === 'read' && answer.error === 0 && answer.count > 0 && ++reads % 30 === 0)
            answer.bytes[answer.count - 1]! ^= 0x55;
          return answer;
        },
      };
    },
  };
}

const onward = { shouldStop: () => false };

/** True when the canary was noticed. */
export function canaryDies(factory: TargetFactory, shape: CampaignShape): boolean {
  const result = new LaneRunner(lying(factory)).run({ ...shape, seed: `${shape.seed}/canary` }, 0, PATIENCE, 1, onward);
  return result.findings.length > 0;
}

/** Digests of two runs of the campaign's first operations; equal unless something is not deterministic. */
export function repeats(factory: TargetFactory, shape: CampaignShape): boolean {
  const digest = (): string => fingerprint(new LaneRunner(factory).run(shape, 0, PATIENCE, 1, onward));
  const once = digest();
  return digest() === once;
}

/** What must be equal when a lane runs twice: everything but the time it took. */
export function fingerprint(result: LaneResult): string {
  const plain = {
    ...result,
    parts: result.parts.map(part => ({ ...part, milliseconds: 0 })),
    events: [...result.events],
    notables: [...result.notables],
    operationCounts: [...result.operationCounts],
  };
  return createHash('sha256').update(JSON.stringify(plain)).digest('hex');
}

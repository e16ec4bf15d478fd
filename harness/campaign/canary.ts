/**
 * What a campaign that found nothing asks of itself in the end: that its oracle and checks notice a target that lies, and
 * that the same sequences run twice give the same result. A checker that cannot fail is worthless, and so is a simulator
 * that is not deterministic.
 */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Target, TargetFactory } from '../../model/contract/index.js';
import type { Haste } from './haste.js';
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
function canaryDies(factory: TargetFactory, shape: CampaignShape): boolean {
  const result = new LaneRunner(lying(factory)).run({ ...shape, seed: `${shape.seed}/canary` }, 0, PATIENCE, 1, onward);
  return result.findings.length > 0;
}

/** A digest of the campaign's first operations: equal whenever they run, unless something is not deterministic. */
function digest(factory: TargetFactory, shape: CampaignShape): string {
  return fingerprint(new LaneRunner(factory).run(shape, 0, PATIENCE, 1, onward));
}

/**
 * What does not hold of that, as sentences. It takes seconds in this thread, so signals are heard between its parts, and
 * what is left is not asked once the user wants the campaign to end.
 */
export async function failings(factory: TargetFactory, shape: CampaignShape, haste: () => Haste): Promise<string[]> {
  const noticed = canaryDies(factory, shape);
  const found = noticed ? [] : ['the canary, a target that lies about what it read, was not noticed'];
  await setImmediate();
  if (haste() !== 'none') return found;
  const once = digest(factory, shape);
  await setImmediate();
  if (haste() !== 'none') return found;
  if (digest(factory, shape) !== once) found.push('the same sequences run twice gave different results');
  await setImmediate();
  return found;
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

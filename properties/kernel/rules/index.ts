/** Every rule about what a kernel's tracepoint text says, in the order of reports. A new rule is one file and one line here. */
import type { KernelRule } from '../rule.js';
import { address } from './address.js';
import { alignment } from './alignment.js';
import { callers } from './callers.js';
import { constant } from './constant.js';
import { cover } from './cover.js';
import { device } from './device.js';
import { extent } from './extent.js';
import { firstCall } from './first-call.js';
import { mappingFlags } from './mapping-flags.js';
import { names } from './names.js';
import { operations } from './operations.js';
import { pairing } from './pairing.js';
import { progress } from './progress.js';
import { repeated } from './repeated.js';
import { shape } from './shape.js';
import { source } from './source.js';
import { stale } from './stale.js';
import { types } from './types.js';

export const kernelRules: readonly KernelRule[] = [
  pairing,
  progress,
  repeated,
  constant,
  firstCall,
  callers,
  operations,
  names,
  cover,
  shape,
  alignment,
  address,
  types,
  mappingFlags,
  source,
  device,
  extent,
  stale,
];

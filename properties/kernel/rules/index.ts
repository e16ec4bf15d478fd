/** Every rule about what a kernel's tracepoint text says, in the order of reports. A new rule is one file and one line here. */
import type { KernelRule } from '../rule.js';
import { address } from './address.js';
import { alignment } from './alignment.js';
import { answer } from './answer.js';
import { cache } from './cache.js';
import { call } from './call.js';
import { callers } from './callers.js';
import { clock } from './clock.js';
import { constant } from './constant.js';
import { conversion } from './conversion.js';
import { cover } from './cover.js';
import { device } from './device.js';
import { directConvert } from './direct-convert.js';
import { directLife } from './direct-life.js';
import { directResult } from './direct-result.js';
import { directSpan } from './direct-span.js';
import { directStart } from './direct-start.js';
import { dirty } from './dirty.js';
import { disize } from './disize.js';
import { ext4Extent } from './ext4-extent.js';
import { extent } from './extent.js';
import { firstCall } from './first-call.js';
import { folio } from './folio.js';
import { map } from './map.js';
import { mappingFlags } from './mapping-flags.js';
import { names } from './names.js';
import { newBlocks } from './new-blocks.js';
import { operations } from './operations.js';
import { owner } from './owner.js';
import { pairing } from './pairing.js';
import { piece } from './piece.js';
import { progress } from './progress.js';
import { readRange } from './read-range.js';
import { repeated } from './repeated.js';
import { shape } from './shape.js';
import { size } from './size.js';
import { source } from './source.js';
import { stale } from './stale.js';
import { types } from './types.js';
import { writebackExtent } from './writeback-extent.js';
import { zero } from './zero.js';

export const kernelRules: readonly KernelRule[] = [
  clock,
  pairing,
  answer,
  progress,
  repeated,
  constant,
  firstCall,
  callers,
  operations,
  call,
  readRange,
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
  ext4Extent,
  stale,
  map,
  newBlocks,
  owner,
  zero,
  directStart,
  directLife,
  directResult,
  directSpan,
  directConvert,
  piece,
  writebackExtent,
  dirty,
  conversion,
  disize,
  size,
  folio,
  cache,
];

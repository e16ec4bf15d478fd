/** The reference model for the file system of a trace. */
import { createModel, type ReferenceModel } from '../../model/files/index.js';
import type { TraceHeader } from '../../traces/format/index.js';
import { UsageError } from '../cli/exit.js';

/** File systems that the model knows the rules of. */
const MODELLED = ['xfs'] as const;

export function modelFor(header: TraceHeader): ReferenceModel {
  const fs = MODELLED.find(name => name === header.fs);
  if (fs === undefined) throw new UsageError(`file system ${header.fs}: expected one of ${MODELLED.join(', ')}`);
  return createModel({ fs, geometry: header.geometry, options: header.options, files: header.files.length });
}

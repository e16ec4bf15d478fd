/**
 * What judges a run, kept from run to run: making the checks compiles their tables, which costs more than a short
 * program takes. Shrinking runs thousands of programs with the same tools.
 */
import type { ReferenceModel } from '../../model/files/index.js';
import { type CheckInput, type CheckSet, createChecks } from '../../properties/index.js';
import type { TraceHeader } from '../../traces/format/index.js';
import { STEP_LIMIT } from '../run/engine.js';
import { modelFor } from './model-for.js';

export class Tools {
  /** Yields after which a call counts as endless. */
  stepLimit = STEP_LIMIT;
  private checks: CheckSet | null = null;
  private readonly models = new Map<string, ReturnType<typeof modelFor>>();

  /** The checks, new for a sequence. */
  checksFor(input: CheckInput): CheckSet {
    if (this.checks === null) this.checks = createChecks(input);
    else this.checks.reset(input);
    return this.checks;
  }

  /** The model of the trace's file system, with empty files. */
  modelFor(header: TraceHeader): ReferenceModel {
    const key = JSON.stringify([header.fs, header.geometry, header.files.length]);
    const known = this.models.get(key);
    if (known !== undefined) {
      known.reset(header.options);
      return known;
    }
    const made = modelFor(header);
    this.models.set(key, made);
    return made;
  }
}

/**
 * What judges a run, kept from run to run: making the checks compiles their tables, which costs more than a short
 * program takes. Shrinking runs thousands of programs with the same tools.
 */
import type { ReferenceModel } from '../../model/files/index.js';
import { type CheckInput, type CheckSet, createChecks } from '../../properties/index.js';
import type { TraceHeader } from '../../traces/format/index.js';
import { STEP_LIMIT, type Watcher } from '../run/engine.js';
import { unwatched } from '../run/unwatched.js';
import { modelFor } from './model-for.js';

export class Tools {
  /** Yields after which a call counts as endless. */
  stepLimit = STEP_LIMIT;
  private checks: CheckSet | null = null;
  private readonly models = new Map<string, ReturnType<typeof modelFor>>();
  /** False: the always-on checks are left out, and only the model judges. */
  private readonly watched: boolean;

  constructor(watched = true) {
    this.watched = watched;
  }

  /** The checks, new for a sequence. */
  checksFor(input: CheckInput): Watcher {
    if (!this.watched) return unwatched;
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

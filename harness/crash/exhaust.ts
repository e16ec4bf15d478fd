/**
 * Exhausts the crash states of one bounded program: runs it with the history on, then examines every cut. The calls are
 * judged by the model on the way, as in any run; the always-on checks are the campaign's business. Where all programs up
 * to a length are examined, the cuts before the last step of each, or before its last sync, are
 * those of another one, and are left out.
 */
import {
  DEFAULT_OPTIONS,
  type Finding,
  type Geometry,
  silence,
  type TargetConfig,
  type TargetFactory,
} from '../../model/contract/index.js';
import { createModel, type ReferenceModel } from '../../model/files/index.js';
import { quiet } from '../run/adversary.js';
import { Runner } from '../run/runner.js';
import { unwatched } from '../run/unwatched.js';
import { PROGRAM_FILES, type Program } from './alphabet.js';
import type { CrashCounts } from './counts.js';
import type { CrashPoint } from './crasher.js';
import { DeviceEvents } from './device-events.js';
import { CrashExaminer } from './examiner.js';
import { Recoveries } from './recoveries.js';

export interface Exhausted {
  readonly counts: CrashCounts;
  /** Cuts by the kind of the event they follow. */
  readonly cutsBy: ReadonlyMap<string, number>;
  readonly finding: Finding | null;
  /** Where the forbidden state is, in the call it lies in; null if the program failed before any crash. */
  readonly crash: CrashPoint | null;
}

export class Exhauster {
  private readonly factory: TargetFactory;
  private readonly config: TargetConfig;
  private readonly runner = new Runner();
  private readonly model: ReferenceModel;
  private readonly recoveries: Recoveries;

  /** `writeThrough`: the device has no volatile cache. */
  constructor(factory: TargetFactory, geometry: Geometry, writeThrough = false) {
    this.factory = factory;
    this.config = {
      fs: 'xfs',
      geometry,
      options: DEFAULT_OPTIONS,
      files: PROGRAM_FILES,
      chooser: this.runner,
      sink: silence,
      recordDevice: true,
      writeThrough,
    };
    this.recoveries = new Recoveries(factory, this.config, true);
    this.model = createModel({ fs: 'xfs', geometry, options: DEFAULT_OPTIONS, files: PROGRAM_FILES });
  }

  /** `whole`: every cut; else only those that no shorter program has. */
  run(program: Program, whole: boolean): Exhausted {
    const { runner, model, factory, config } = this;
    const target = factory.create(config);
    const events = new DeviceEvents(target.device!);
    const history = target.device?.history;
    if (history === null || history === undefined) throw new Error(`${factory.name} records no device history`);
    model.reset();
    const timeline = model.recordCrashes(() => history.length);
    runner.begin({ target, oracle: model, watcher: unwatched, adversary: quiet });
    const examiner = new CrashExaminer(this.recoveries, config, history, timeline);
    const { counts } = examiner;
    const cutsBy = new Map<string, number>();
    let first = 0;
    const begins: number[] = [];
    const went = program.calls.every((call, index) => {
      begins.push(history.length);
      if (index === program.own && !whole && index > 0) first = history.length + 1;
      return runner.perform(call);
    });
    events.stop();
    if (!went) return { counts, cutsBy, finding: runner.finding, crash: null };
    for (let cut = first; cut <= history.length; cut++) {
      const kind = events.kinds[cut - 1] ?? 'nothing';
      cutsBy.set(kind, (cutsBy.get(kind) ?? 0) + 1);
      const found = examiner.examine(cut);
      if (found === null) continue;
      const within = begins.findLastIndex(begin => begin <= cut);
      const crash = { op: program.calls[within]!.id, nth: cut - begins[within]! + 1, survive: found.survive };
      return { counts, cutsBy, finding: found.finding, crash };
    }
    return { counts, cutsBy, finding: null, crash: null };
  }
}

/**
 * All checks at work on one target: the sink its events go to, told of calls, asked after each. An event reaches only the
 * checks that asked for it; a file is looked at only when its view says that something changed. The first finding wins
 * and is kept until it is asked for, because a sink cannot answer.
 */
import {
  type Answer,
  type Call,
  EVENT_NAMES,
  type EventKind,
  type EventName,
  type FileId,
  type Finding,
  type FolioView,
  type IterationRecord,
  IterStep,
  operationTable,
  type RuleId,
  type Sink,
} from '../../../model/contract/index.js';
import { brokenIn, compileBlockRules, concernedIn } from './block-state.js';
import { Is } from './call-kinds.js';
import type { ChartCoverage, CheckDefinition, PropertyCheck } from './definition.js';
import type { FileTrack } from './file-track.js';
import { compileFolioRules, folioCode } from './folio-state.js';
import type { OpenCall } from './open-calls.js';
import { Scanner } from './scan.js';
import { type CheckInput, World } from './world.js';

/** The checks as a harness uses them. */
export interface CheckSet extends Sink {
  /** A call is about to start. */
  called(call: Call): void;
  /** A call returned; the first finding since the last one was handed out, or null. */
  returned(call: Call, answer: Answer): Finding | null;
  /** Nothing runs and nothing is in flight: the first finding, or null. */
  quiescent(): Finding | null;
  /** A finding raised by an event, if there is one; hands it out once. */
  pending(): Finding | null;
  /** How often each check had something to say since `clearCounts`. */
  counts(): Readonly<Record<RuleId, number>>;
  clearCounts(): void;
  /** What was covered of the statecharts the checks run from, since `clearCounts`. */
  coverage(): readonly ChartCoverage[];
  /** Starts over for a new sequence; nothing is allocated anew if the geometry stays. */
  reset(input: CheckInput): void;
}

type Method<Name extends keyof PropertyCheck> = NonNullable<PropertyCheck[Name]>;
const none: readonly Method<'event'>[] = [];

export class Checks implements CheckSet {
  readonly #world: World;
  readonly #checks: readonly PropertyCheck[];
  // Lists of the checks' functions, not of the checks: each check is an object of another shape, so that looking its method
  // up at every event would cost more than many of the methods do. No method uses `this`.
  readonly #listeners: readonly (readonly Method<'event'>[])[];
  readonly #onStep: readonly (readonly Method<'iteration'>[])[];
  readonly #onCalled: readonly Method<'called'>[];
  readonly #onReturned: readonly (readonly Method<'returned'>[])[];
  readonly #onQuiescent: readonly Method<'quiescent'>[];
  readonly #onScanned: readonly Method<'scanned'>[];
  readonly #blockChecks: readonly PropertyCheck[];
  readonly #folioChecks: readonly PropertyCheck[];
  readonly #scanner: Scanner;
  #finding: Finding | null = null;

  constructor(definitions: readonly CheckDefinition[], input: CheckInput) {
    const world = (this.#world = new World(input));
    const made = definitions.map(definition => definition.make(world));
    this.#checks = made;
    const having = <Name extends 'called' | 'quiescent' | 'scanned'>(name: Name): Method<Name>[] =>
      made.flatMap(check => (check[name] === undefined ? [] : [check[name]]));
    const hearing = (name: EventName): readonly Method<'event'>[] => {
      const list = made.flatMap((check, i) =>
        check.event !== undefined && definitions[i]!.hears?.includes(name) === true ? [check.event] : [],
      );
      return list.length === 0 ? none : list;
    };
    this.#listeners = EVENT_NAMES.map(hearing);
    this.#onStep = Object.values(IterStep).map(step =>
      made.flatMap((check, i) =>
        check.iteration !== undefined && definitions[i]!.steps?.includes(step) === true ? [check.iteration] : [],
      ),
    );
    this.#onCalled = having('called');
    this.#onReturned = operationTable(name =>
      made.flatMap((check, i) =>
        check.returned !== undefined && definitions[i]!.answers?.includes(name) !== false ? [check.returned] : [],
      ),
    );
    this.#onQuiescent = having('quiescent');
    this.#onScanned = having('scanned');
    const blockRules = definitions.flatMap((definition, i) =>
      definition.block ? [{ rule: definition.block, i }] : [],
    );
    const folioRules = definitions.flatMap((definition, i) =>
      definition.folio ? [{ rule: definition.folio, i }] : [],
    );
    this.#blockChecks = blockRules.map(({ i }) => made[i]!);
    this.#folioChecks = folioRules.map(({ i }) => made[i]!);
    this.#scanner = new Scanner(
      compileBlockRules(blockRules.map(({ rule }) => rule)),
      compileFolioRules(folioRules.map(({ rule }) => rule)),
    );
  }

  reset(input: CheckInput): void {
    this.#finding = null;
    this.#world.reset(input);
    for (const check of this.#checks) check.reset?.();
  }

  emit(kind: EventKind, file: FileId, a: number, b: number, c: number): void {
    const world = this.#world;
    world.before(kind, file, a, b, c);
    const list = this.#listeners[kind]!;
    for (let i = 0; i < list.length; i++) {
      const found = list[i]!(kind, file, a, b, c);
      if (found !== null) this.#finding ??= found;
    }
    world.after(kind, file, a, b, c);
  }

  iteration(step: IterStep, record: IterationRecord): void {
    const world = this.#world;
    world.beforeStep(step, record);
    const list = this.#onStep[step]!;
    for (let i = 0; i < list.length; i++) {
      const found = list[i]!(step, record);
      if (found !== null) this.#finding ??= found;
    }
    world.afterStep(step, record);
  }

  called(call: Call): void {
    const world = this.#world;
    const entry = world.calls.begin(call);
    entry.moment = ++world.moment;
    if (typeof call.data !== 'number') world.poisonIsForeign = false;
    const file = world.file(call.file);
    entry.looks = file.looks;
    entry.current = file.known && !file.touched && file.version === world.view.file(call.file).version;
    for (const called of this.#onCalled) called(call);
  }

  returned(call: Call, answer: Answer): Finding | null {
    const world = this.#world;
    const entry = world.calls.leave(call.id);
    if (entry !== null) {
      this.#expectChanges(entry);
      this.#survey(world.calls.open.length === 0 && world.view.quiescent);
      const list = this.#onReturned[call.operation]!;
      for (let i = 0; i < list.length && this.#finding === null; i++) this.#finding = list[i]!(call, answer);
      world.calls.end();
    }
    if (answer.error === 0 && call.name === 'shutdown') world.down = true;
    if (call.name === 'remount') world.down = false;
    return this.pending();
  }

  quiescent(): Finding | null {
    if (this.#world.calls.open.length > 0) return this.pending();
    this.#survey(true);
    const list = this.#onQuiescent;
    for (let i = 0; i < list.length && this.#finding === null; i++) this.#finding = list[i]!();
    return this.pending();
  }

  pending(): Finding | null {
    const finding = this.#finding;
    this.#finding = null;
    // What is left behind when all stops at once is nobody's fault; only that nothing goes on is owed (CR-91).
    return this.#world.down && finding?.id !== 'INV-76' ? null : finding;
  }

  counts(): Readonly<Record<RuleId, number>> {
    return Object.fromEntries(this.#checks.map(check => [check.id, check.exercised]));
  }

  coverage(): readonly ChartCoverage[] {
    return this.#checks.flatMap(({ coverage }) => (coverage === undefined ? [] : [coverage]));
  }

  clearCounts(): void {
    for (const check of this.#checks) {
      check.exercised = 0;
      check.coverage?.taken.fill(0);
    }
  }

  /** The truth about these bytes changed with the call: their content has to be compared again. */
  #expectChanges({ call, kinds }: OpenCall): void {
    if ((kinds & Is.storing) === 0) return;
    const world = this.#world;
    if ((kinds & Is.renewing) !== 0) {
      world.generation++;
      const all = (kinds & Is.remounting) !== 0;
      if (all) world.durability.forget();
      for (const file of all ? world.files : [world.file(call.file)]) {
        file.forget();
        file.suspect(0, Number.POSITIVE_INFINITY);
      }
      return;
    }
    const file = world.file(call.file);
    const first = call.name === 'truncate' ? call.size : call.offset;
    const local = (kinds & Is.local) !== 0 && call.length > 0;
    file.suspect(Math.max(0, Math.min(first, file.isize)), local ? first + call.length : Number.POSITIVE_INFINITY);
  }

  /** Looks at every file that changed since it was looked at last. */
  #survey(quiet: boolean): void {
    const { view, geometry } = this.#world;
    for (const id of view.files) {
      if (this.#finding !== null) return;
      const file = this.#world.file(id);
      const seen = view.file(id);
      const moved = file.touched || seen.version !== file.version || !file.known || (quiet && !file.quiet);
      if (moved) this.#look(file, geometry.blockSize, quiet);
      else if (file.cacheSuspects.count === 0 && (!quiet || file.deviceSuspects.count === 0)) continue;
      else file.still();
      this.#judge(file, quiet);
    }
  }

  #look(file: FileTrack, blockSize: number, quiet: boolean): void {
    const scanner = this.#scanner;
    file.touched = false;
    scanner.look(file, this.#world.view.file(file.id), blockSize, quiet);
    count(this.#blockChecks, concernedIn(scanner.ofBlocks));
    count(this.#folioChecks, concernedIn(scanner.ofFolios));
    if (brokenIn(scanner.ofBlocks) !== 0) this.#judgeBlocks(file);
    if (brokenIn(scanner.ofFolios) !== 0) this.#judgeFolios(file, quiet);
  }

  #judge(file: FileTrack, quiet: boolean): void {
    file.keepCacheSuspects = false;
    file.keepDeviceSuspects = !quiet;
    for (const scanned of this.#onScanned) {
      if (this.#finding !== null) return;
      this.#finding = scanned(file);
    }
    file.known = true;
    file.cleaned.clear();
    if (!file.keepCacheSuspects) file.cacheSuspects.clear();
    if (!file.keepDeviceSuspects) file.deviceSuspects.clear();
  }

  #judgeBlocks(file: FileTrack): void {
    const { blockRules } = this.#scanner;
    const { rows } = file;
    for (let row = 0; row < rows.count; row++) {
      const rules = brokenIn(blockRules[rows.code[row]!]!);
      if (rules === 0) continue;
      this.#blockChecks.forEach((check, bit) => {
        if ((rules & (1 << bit)) !== 0) this.#finding ??= check.judgeBlock?.(file, row) ?? null;
      });
      if (this.#finding !== null) return;
    }
  }

  #judgeFolios(file: FileTrack, quiet: boolean): void {
    const { folioRules } = this.#scanner;
    for (const folio of file.view.folios) {
      const { all, some } = this.#scanner.summary(file, folio, this.#world.geometry.blockSize);
      const rules = brokenIn(folioRules[folioCode(folio, all, some, file.isize, quiet)]!);
      if (rules !== 0) this.#blame(this.#folioChecks, rules, file, folio);
    }
  }

  #blame(checks: readonly PropertyCheck[], rules: number, file: FileTrack, folio: FolioView): void {
    checks.forEach((check, bit) => {
      if ((rules & (1 << bit)) !== 0) this.#finding ??= check.judgeFolio?.(file, folio) ?? null;
    });
  }
}

function count(checks: readonly PropertyCheck[], concerned: number): void {
  if (concerned === 0) return;
  for (let bit = 0; bit < checks.length; bit++) if ((concerned & (1 << bit)) !== 0) checks[bit]!.exercised++;
}

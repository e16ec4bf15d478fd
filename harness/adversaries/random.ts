/**
 * Random injection. At a yield point of an observed call it runs a small program: up to four background actions, by
 * preference on the file and range of the operation that yielded (measured: this finds the flagship stale-mapping race
 * thousands of times sooner than single steps do). Choices and I/O completions fail now and then, in sequences that were
 * drawn to have failures: a run without faults judges more strictly, so both kinds are needed.
 */
import {
  type Bio,
  type Bytes,
  type Call,
  type CallId,
  type ChoiceLabel,
  EIO,
  ENOSPC,
  type Errno,
  type FileId,
  type Geometry,
  isBackground,
  LARGEST_FILE,
  makeCall,
  type OperationName,
  type Point,
  type PointName,
  type TaskId,
  Y,
} from '../../model/contract/index.js';
import type { Random } from '../../properties/generate/index.js';
import { type Adversary, BEGINNING, type Injected } from '../run/adversary.js';
import { INJECTIONS, type Injection } from './categories.js';
import { type Arena, duelAt, mayDuel, storeBehind } from './duels.js';

/** What a sequence's adversary is inclined to, drawn once a sequence. */
export interface Temper {
  readonly allowed: ReadonlySet<Injection>;
  /** One call in this many is observed; 0: none. */
  readonly observeEvery: number;
  /** At one yield point in this many of an observed call something happens. */
  readonly actEvery: number;
  /** Failures are injected in this sequence. */
  readonly failing: boolean;
  /** Calls of others meet direct requests, syncs and writeback (duels.ts); they are judged by the order of their locks. */
  readonly duels: boolean;
  /** Where accesses from elsewhere go. */
  readonly files: number;
  readonly base: number;
  readonly span: number;
  readonly geometry: Geometry;
  /** The file system is shut down in the middle of this call; 0: never. */
  readonly shutdownIn: CallId;
  /** The task that accesses from elsewhere: none of the program's. */
  readonly stranger: TaskId;
}

const BY_STALE: readonly OperationName[] = [
  'writeback',
  'complete',
  'writeback',
  'complete',
  'revoke',
  'trim',
  'reuse',
];
const BY_RECLAIM: readonly OperationName[] = ['reclaim', 'reclaim', 'migrate', 'readahead'];

/** The flagship race as a whole: the range is written back, completes, and its folios are dropped. */
const FLAGSHIP: readonly OperationName[] = ['writeback', 'complete', 'reclaim'];

/**
 * Points at which a store from elsewhere can come: the fault handler of the user buffer, any wait, and between the flush of
 * a direct request and its mappings.
 */
const STORE_NAMES: readonly PointName[] = [
  'Y-BW1',
  'Y-BW2',
  'Y-BW3',
  'Y-BW4',
  'Y-BW9',
  'Y-BW12',
  'Y-WB4',
  'Y-ZR1',
  'Y-SY1',
  'Y-DR1',
  'Y-DW1',
  'Y-DW2',
];
const STORE_POINTS: ReadonlySet<Point> = new Set(STORE_NAMES.map(name => Y[name]));

/** Calls during which nobody has the file open. */
const ALONE: ReadonlySet<OperationName> = new Set(['remount', 'remove', 'shutdown']);

/** Work whose failures nobody waits for: what descriptors report later comes from there. */
const UNWAITED: ReadonlySet<OperationName> = new Set(['writeback', 'complete']);

const none: readonly Injected[] = [];

/** One in how many times something meets a call where it can be met. */
const DUEL_ODDS = 4;

/** One in how many times each failure is injected when it is asked for. */
const FAILURE_ODDS: Readonly<Partial<Record<ChoiceLabel, { readonly odds: number; readonly by: Injection }>>> = {
  'user-copy': { odds: 6, by: 'error' },
  'folio-allocation': { odds: 24, by: 'error' },
  'block-allocation': { odds: 12, by: 'error' },
  'writeback-map': { odds: 24, by: 'error' },
  'mapping-broken': { odds: 16, by: 'error' },
  signal: { odds: 32, by: 'error' },
};

export class RandomAdversary implements Adversary {
  private random!: Random;
  private temper!: Temper;
  private arena!: Arena;
  /** A budget for each call, so that everything it meets is finite (MAP-66). */
  private left = 0;
  /** And one of the duels that the call may meet. */
  private duels = 0;
  private tag = 0;
  /** What was done since `clearCounts`, by kind. */
  readonly counts: Record<Injection, number> = { crash: 0, race: 0, stale: 0, error: 0, reclaim: 0 };

  clearCounts(): void {
    for (const kind of INJECTIONS) this.counts[kind] = 0;
  }

  /** `size`: the size that is known of a file. */
  begin(random: Random, temper: Temper, size: (file: FileId) => Bytes): void {
    const { geometry, files, base, stranger } = temper;
    this.random = random;
    this.temper = temper;
    this.tag = 0;
    this.arena = { random, geometry, files, base, stranger, size, tag: () => this.nextTag() };
  }

  /** Tags from the top, so that they never meet those of the program. */
  private nextTag(): number {
    return 211 - (this.tag++ % 11);
  }

  observes(call: Call): boolean {
    if (call.id === this.temper.shutdownIn) {
      this.left = 1;
      return true;
    }
    const { observeEvery, failing, duels } = this.temper;
    this.left = 0;
    this.duels = duels && mayDuel(call) && this.random.oneIn(2) ? 2 : 0;
    if (observeEvery === 0 || (isBackground(call) && !(failing && UNWAITED.has(call.name)))) return this.duels > 0;
    const observed = this.random.oneIn(observeEvery);
    this.left = observed ? 6 : 0;
    return observed || this.duels > 0;
  }

  at(call: Call, point: Point): readonly Injected[] {
    if (point === BEGINNING) return none;
    if (call.id === this.temper.shutdownIn) return this.stop(call);
    const duel = this.duels > 0 ? this.duel(call, point) : none;
    if (duel.length > 0) return duel;
    if (this.left === 0 || !this.random.oneIn(this.temper.actEvery)) return none;
    const { allowed } = this.temper;
    const draw = this.random.below(8);
    const actions: Injected[] = [];
    if (draw < 3 && allowed.has('stale')) {
      for (const name of FLAGSHIP)
        if (name !== 'reclaim' || allowed.has('reclaim')) actions.push(this.action(call, name, draw === 0));
      this.counts.stale++;
    } else {
      const count = 1 + this.random.below(4);
      for (let i = 0; i < count; i++) {
        const action = this.one(call, point);
        if (action !== null) actions.push(action);
      }
    }
    if (actions.length > 0) this.left--;
    return actions;
  }

  choose(call: Call, label: ChoiceLabel, _nth: number, n: number): number {
    const { allowed, failing } = this.temper;
    if (this.left === 0 || call.id === this.temper.shutdownIn) return 0;
    let kind: Injection = 'stale';
    if (label === 'mapping-stale') {
      if (!allowed.has('stale') || !this.random.oneIn(8)) return 0;
    } else {
      const failure = FAILURE_ODDS[label];
      if (!failing || failure === undefined || !allowed.has(failure.by) || !this.random.oneIn(failure.odds)) return 0;
      kind = failure.by;
    }
    this.counts[kind]++;
    this.left--;
    return 1 + this.random.below(n - 1);
  }

  bioStatus(call: Call, bio: Bio): Errno {
    if (
      this.left === 0 ||
      call.id === this.temper.shutdownIn ||
      !this.temper.failing ||
      !this.temper.allowed.has('error')
    )
      return 0;
    const stores = bio.kind === 'write' && bio.cargo === 'data';
    if (!this.random.oneIn(stores ? 4 : 8)) return 0;
    this.left--;
    // A device that is thinly provisioned runs out of space.
    return stores && this.random.oneIn(4) ? ENOSPC : EIO;
  }

  /** At one of its places, once. */
  private stop(call: Call): readonly Injected[] {
    if (this.left === 0 || !this.random.oneIn(4)) return none;
    this.left--;
    this.counts.error++;
    return [makeCall(0, 'shutdown', call.file)];
  }

  /** One in four of what can be met is. */
  private duel(call: Call, point: Point): readonly Injected[] {
    const duel = duelAt(call, point);
    if (duel === null || !this.random.oneIn(DUEL_ODDS)) return none;
    this.duels--;
    this.counts.race++;
    return duel(this.arena);
  }

  private one(call: Call, point: Point): Injected | null {
    const { allowed } = this.temper;
    const draw = this.random.below(4);
    if (draw === 0 && allowed.has('race') && STORE_POINTS.has(point) && !ALONE.has(call.name)) {
      this.counts.race++;
      return this.access(call);
    }
    if (draw === 1 && allowed.has('reclaim')) {
      this.counts.reclaim++;
      return this.action(call, this.random.pick(BY_RECLAIM), false);
    }
    if (!allowed.has('stale')) return null;
    this.counts.stale++;
    return this.action(call, this.random.pick(BY_STALE), false);
  }

  /** Background work, three times in four on the range of the disturbed call. */
  private action(call: Call, name: OperationName, everywhere: boolean): Injected {
    const { files, base, span, geometry } = this.temper;
    const { pageSize } = geometry;
    const other = files > 1 && this.random.oneIn(8);
    const file = other ? this.random.below(files) : call.file;
    if (name === 'reuse') return makeCall(0, name, file, { length: pageSize * (1 + this.random.below(4)) });
    const near = !everywhere && call.length > 0 && !this.random.oneIn(4);
    const offset = near ? Math.max(0, call.offset) : 0;
    const length = near ? call.length + pageSize : base + span * 2;
    return makeCall(0, name, file, { offset, length: Math.max(0, Math.min(length, LARGEST_FILE - offset)) });
  }

  /** A mapped store or load by somebody else, by preference inside the range of the disturbed call. */
  private access(call: Call): Injected {
    const { base, span, geometry, stranger } = this.temper;
    const { pageSize } = geometry;
    const within = call.length > 0 && !this.random.oneIn(4);
    const first = within ? call.offset : base;
    const offset = first + this.random.below(Math.max(1, Math.min(within ? call.length : span, 2 ** 31)));
    const length = 1 + this.random.below(pageSize);
    if (this.random.oneIn(3)) return makeCall(0, 'mapread', call.file, { task: stranger, offset, length });
    if (this.random.oneIn(4)) return storeBehind(call, this.arena)[0]!;
    return makeCall(0, 'mapwrite', call.file, { task: stranger, offset, length, data: this.nextTag() });
  }
}

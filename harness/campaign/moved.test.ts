/**
 * Looks trust the view's word about where blocks may have changed (`FileView.moved`). Here a whole campaign runs on views
 * that are held to it: whenever it is asked, every block outside must be described as it was when the range was cleared.
 */
import test from 'ava';
import {
  BlockTable,
  type FileView,
  Moved,
  type Target,
  type TargetFactory,
  type View,
} from '../../model/contract/index.js';
import { targetFactory } from '../targets/index.js';
import { LaneRunner } from './lane.js';
import { ALL_PARTS } from './parts.js';

const WINDOW = 16;
/** Files of more blocks are compared in part. */
const MOST = 2000;

/** What the view says of each block that is anything, as text. */
function described(view: FileView): Map<number, string> {
  const table = new BlockTable();
  const blocks = new Map<number, string>();
  for (let at = view.next(0); at >= 0 && blocks.size < MOST; at = view.next(at + WINDOW)) {
    view.describe(at, WINDOW, table);
    for (let i = 0; i < WINDOW; i++)
      if (table.data[i] !== 0 || table.cow[i] !== 0 || table.cache[i] !== 0)
        blocks.set(
          at + i,
          [table.data, table.dataBlock, table.shared, table.cow, table.cowBlock, table.cache, table.memoryAt]
            .map(column => column[i])
            .join(' '),
        );
  }
  return blocks;
}

/** Tells when it is cleared. */
class Told extends Moved {
  private readonly cleared: () => void;

  constructor({ from, to }: Moved, cleared: () => void) {
    super();
    this.from = from;
    this.to = to;
    this.cleared = cleared;
  }

  override clear(): void {
    this.cleared();
  }
}

/** `object`, but for one property. */
function withOther<T extends object>(object: T, name: keyof T, other: () => unknown): T {
  return new Proxy(object, {
    get(_, key) {
      if (key === name) return other();
      const value: unknown = Reflect.get(object, key, object);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}

class Watched implements TargetFactory {
  readonly name: string;
  asked = 0;
  compared = 0;
  readonly broken: string[] = [];
  private readonly inner: TargetFactory;

  constructor(inner: TargetFactory) {
    this.inner = inner;
    this.name = inner.name;
  }

  create(...[config]: Parameters<TargetFactory['create']>): Target {
    const target = this.inner.create(config);
    const view = this.watch(target.view!);
    return withOther(target, 'view', () => view);
  }

  private watch(view: View): View {
    const files: FileView[] = [];
    return withOther(view, 'file', () => (id: number) => (files[id] ??= this.watchFile(view.file(id))));
  }

  private watchFile(file: FileView): FileView {
    let before: Map<number, string> | null = null;
    return withOther(file, 'moved', () => {
      const moved = file.moved!;
      if (before !== null) this.compare(before, described(file), moved);
      return new Told(moved, () => {
        moved.clear();
        before = described(file);
      });
    });
  }

  private compare(before: Map<number, string>, now: Map<number, string>, { from, to }: Moved): void {
    this.asked++;
    for (const block of new Set([...before.keys(), ...now.keys()])) {
      if (block >= from && block < to) continue;
      this.compared++;
      if (before.get(block) !== now.get(block))
        this.broken.push(`block ${block} outside [${from}, ${to}): ${before.get(block)}, then ${now.get(block)}`);
    }
  }
}

test('blocks that a view does not call moved are described as before', async t => {
  const factory = new Watched(await targetFactory('impl', 'xfs'));
  const runner = new LaneRunner(factory);
  const { findings } = runner.run(
    {
      seed: 'moved',
      fs: 'xfs',
      inject: ['race', 'stale', 'error', 'reclaim'],
      parts: ALL_PARTS,
      without: [],
      known: [],
      strategy: null,
    },
    0,
    2500,
    1,
    { shouldStop: () => false },
  );
  t.deepEqual(findings, []);
  t.deepEqual(factory.broken.slice(0, 3), []);
  t.true(factory.asked > 1000);
  t.true(factory.compared > 10 * factory.asked);
});

/**
 * Which sectors of log and metadata reach the medium in a crash. Every sector that something volatile was written to has a
 * few different contents (CR-03); the states are all combinations of these, so that equal images come once. Where there are
 * too many, those at the boundaries are taken (nothing, everything, each prefix of the writes, all but one, only one), and
 * others by a fixed sequence.
 */
import type { DeviceHistory, Survivors, VolatileWrite } from '../../model/contract/index.js';

/** One write that a sector may show; `writer` −1: what is durable there. */
interface Option {
  readonly writer: number;
  readonly sector: number;
  /** Digests of the sector, place and contents, less that of what is durable. */
  readonly a: number;
  readonly b: number;
}
interface Place {
  readonly options: readonly Option[];
}

/** A choice: for each sector of metadata the index of the option it shows. */
export type Choice = Uint16Array;

export class Choices {
  /** Of how many states these are all, or a sample. */
  readonly total: number;
  private readonly writes: readonly VolatileWrite[];
  private readonly places: readonly Place[];
  private readonly durableA: number;
  private readonly durableB: number;

  /** `durable`: the image with nothing volatile; `touched`: what log or metadata were written to so far, which grows here. */
  constructor(history: DeviceHistory, cut: number, sectorSize: number, durable: Uint8Array, touched: TouchedSectors) {
    const writes = history.volatileAt(cut);
    const places = new Map<number, { options: Option[]; contents: Uint8Array[] }>();
    writes.forEach((write, writer) => {
      if (write.cargo === 'data') return;
      for (let sector = 0; sector < write.length / sectorSize; sector++) {
        if (history.candidate?.(cut, write, sector) === false) continue;
        const address = write.addr + sector * sectorSize;
        touched.add(address, durable, sectorSize);
        let place = places.get(address);
        if (place === undefined) {
          const contents = [durable.subarray(address, address + sectorSize)];
          place = { options: [{ writer: -1, sector: 0, a: 0, b: 0 }], contents };
          places.set(address, place);
        }
        const bytes = write.bytes.subarray(sector * sectorSize, (sector + 1) * sectorSize);
        if (place.contents.some(known => equal(known, bytes))) continue;
        const a = digestA(address, bytes, 0, sectorSize) - digestA(address, durable, address, sectorSize);
        const b = digestB(address, bytes, 0, sectorSize) - digestB(address, durable, address, sectorSize);
        place.contents.push(bytes);
        place.options.push({ writer, sector, a, b });
      }
    });
    const { a, b } = touched.changed(durable, sectorSize);
    this.durableA = a;
    this.durableB = b;
    this.writes = writes;
    this.places = [...places.values()].filter(place => place.options.length > 1);
    this.total = this.places.reduce((product, place) => product * place.options.length, 1);
  }

  /** At most `most` of them, each once. */
  *states(most: number): Generator<Choice> {
    const { places, total } = this;
    const choice = new Uint16Array(places.length);
    if (total <= most) {
      for (let n = 0; n < total; n++) {
        yield choice;
        for (let i = 0; i < choice.length; i++) {
          if (++choice[i]! < places[i]!.options.length) break;
          choice[i] = 0;
        }
      }
      return;
    }
    const seen = new Set<string>();
    for (const candidate of this.sample()) {
      const key = candidate.join();
      if (seen.has(key)) continue;
      seen.add(key);
      yield candidate;
      if (seen.size >= most) return;
    }
  }

  /** Some of them, by chance: each a prefix of the writes in which a few sectors deviate. The first survive whole or not. */
  *drawn(below: (n: number) => number, count: number): Generator<Choice> {
    const { places, writes } = this;
    for (let i = 0; i < count; i++) {
      const choice = this.prefix(below(writes.length + 1));
      if (i % 2 === 1 && places.length > 0)
        for (let k = 1 + below(3); k > 0; k--) {
          const place = below(places.length);
          choice[place] = below(places[place]!.options.length);
        }
      yield choice;
    }
  }

  /** Equal for equal images of log and metadata, at whatever cut: sums of how each sector differs from the start. */
  key(choice: Choice): string {
    let a = this.durableA;
    let b = this.durableB;
    for (let i = 0; i < choice.length; i++) {
      const option = this.places[i]!.options[choice[i]!]!;
      a += option.a;
      b += option.b;
    }
    return `${a}.${b}`;
  }

  /** The choice leaves a write of log or metadata in part. */
  tears(choice: Choice): boolean {
    const shown = new Map<number, boolean>();
    for (let i = 0; i < choice.length; i++) {
      const { options } = this.places[i]!;
      const { writer } = options[options.length - 1]!;
      const survives = choice[i] === options.length - 1;
      const known = shown.get(writer);
      if (known !== undefined && known !== survives) return true;
      shown.set(writer, survives);
    }
    return false;
  }

  /** The choice as what survives. */
  survivors(choice: Choice): Survivors {
    const kept = new Map<VolatileWrite, Set<number>>();
    this.places.forEach(({ options }, i) => {
      const { writer, sector } = options[choice[i]!]!;
      if (writer < 0) return;
      const write = this.writes[writer]!;
      const sectors = kept.get(write);
      if (sectors === undefined) kept.set(write, new Set([sector]));
      else sectors.add(sector);
    });
    return { survives: (write, sector) => kept.get(write)?.has(sector) === true };
  }

  /** Each sector shows the newest of the first `count` writes. */
  private prefix(count: number): Choice {
    return Uint16Array.from(this.places, ({ options }) => options.findLastIndex(option => option.writer < count));
  }

  private *sample(): Generator<Choice> {
    const { places, writes } = this;
    for (let count = 0; count <= writes.length; count++) yield this.prefix(count);
    const all = this.prefix(writes.length);
    for (let i = 0; i < places.length; i++) {
      yield all.map((option, k) => (k === i ? 0 : option));
      yield all.map((option, k) => (k === i ? option : 0));
    }
    // Few sectors deviate from a prefix, as a rule.
    for (let round = 0, x = 1; round < 65_536; round++) {
      const next = (n: number): number => {
        x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
        return (x >>> 8) % n;
      };
      const choice = this.prefix(next(writes.length + 1));
      for (let k = 1 + next(4); k > 0; k--) {
        const i = next(places.length);
        choice[i] = next(places[i]!.options.length);
      }
      yield choice;
    }
  }
}

/** The sectors of log and metadata that were volatile at a cut so far, with digests of what they held before. */
export class TouchedSectors {
  private readonly former = new Map<number, { readonly a: number; readonly b: number }>();

  add(address: number, durable: Uint8Array, sectorSize: number): void {
    if (this.former.has(address)) return;
    const a = digestA(address, durable, address, sectorSize);
    this.former.set(address, { a, b: digestB(address, durable, address, sectorSize) });
  }

  /** How the durable image differs in them from what they held first: sums of digests. */
  changed(durable: Uint8Array, sectorSize: number): { readonly a: number; readonly b: number } {
    let a = 0;
    let b = 0;
    for (const [address, former] of this.former) {
      a += digestA(address, durable, address, sectorSize) - former.a;
      b += digestB(address, durable, address, sectorSize) - former.b;
    }
    return { a, b };
  }
}

/** Two independent digests of a sector and its place. */
function digestA(address: number, bytes: Uint8Array, from: number, length: number): number {
  let hash = Math.imul(address + 0x811c9dc5, 0x01000193);
  for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
function digestB(address: number, bytes: Uint8Array, from: number, length: number): number {
  let hash = Math.imul(address ^ 0x9e3779b9, 0x85ebca6b);
  for (let i = from; i < from + length; i++) hash = Math.imul(hash + bytes[i]! + 1, 0xc2b2ae35) ^ (hash >>> 13);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

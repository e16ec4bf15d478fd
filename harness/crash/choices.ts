/**
 * Which sectors of log and metadata reach the medium in a crash. Every sector that something volatile was written to has a
 * few different contents (CR-03); the states are all combinations of these, so that equal images come once. They are gone
 * through by what makes a difference to recovery. Where that are too many, those at the boundaries are taken (nothing,
 * everything, each prefix of the writes, all but one, only one), and others by a fixed sequence.
 */
import type { Bytes, DeviceHistory, Survivors, VolatileWrite } from '../../model/contract/index.js';
import type { OpenSectors } from './recovery-tree.js';

/** One write that a sector may show; `writer` −1: what is durable there. */
interface Option {
  readonly writer: number;
  readonly sector: number;
  readonly contents: string;
}
interface Place {
  readonly options: readonly Option[];
}

/** For each sector of metadata the index of the option it shows. */
export type Choice = Uint16Array;

export class Choices implements OpenSectors {
  /** Of how many states these are all, or a sample. */
  readonly total: number;
  /** In how many of them a write of log or metadata is there in part. */
  readonly torn: number;
  /** The one at hand. */
  readonly choice: Choice;
  private kept: Choice;
  private readonly writes: readonly VolatileWrite[];
  private readonly places: readonly Place[];
  private readonly indices = new Map<Bytes, number>();
  private readonly durable: Buffer;
  private readonly known = new Map<Bytes, string>();
  private readonly sectorSize: Bytes;

  /** `durable`: the image with nothing volatile. */
  constructor(history: DeviceHistory, cut: number, sectorSize: Bytes, durable: Uint8Array) {
    const writes = history.volatileAt(cut);
    this.sectorSize = sectorSize;
    this.durable = Buffer.from(durable.buffer, durable.byteOffset, durable.length);
    const found = new Map<Bytes, Option[]>();
    writes.forEach((write, writer) => {
      if (write.cargo === 'data') return;
      const bytes = Buffer.from(write.bytes.buffer, write.bytes.byteOffset, write.length);
      for (let sector = 0; sector < write.length / sectorSize; sector++) {
        if (history.candidate?.(cut, write, sector) === false) continue;
        const address = write.addr + sector * sectorSize;
        const contents = bytes.toString('latin1', sector * sectorSize, (sector + 1) * sectorSize);
        const options = found.get(address) ?? [{ writer: -1, sector: 0, contents: this.durableAt(address) }];
        if (options.length === 1) found.set(address, options);
        if (!options.some(known => known.contents === contents)) options.push({ writer, sector, contents });
      }
    });
    const places: Place[] = [];
    for (const [address, options] of found) {
      if (options.length === 1) continue;
      this.indices.set(address, places.length);
      places.push({ options });
    }
    this.writes = writes;
    this.places = places;
    this.choice = new Uint16Array(places.length);
    this.kept = this.choice;
    this.total = places.reduce((product, { options }) => product * options.length, 1);
    this.torn = this.total - this.whole();
  }

  contents(address: Bytes): string {
    const place = this.placeOf(address);
    return place < 0 ? this.durableAt(address) : this.places[place]!.options[this.choice[place]!]!.contents;
  }

  placeOf(address: Bytes): number {
    return this.indices.get(address) ?? -1;
  }

  /** Chooses nothing: every sector is as it is durable. */
  reset(): void {
    this.choice.fill(0);
  }

  /**
   * Goes on to the next choice of the places that `met` names, in that order, the last fastest; the others stay as they
   * are. False when it was the last.
   */
  advance(met: readonly number[]): boolean {
    for (let i = met.length - 1; i >= 0; i--) {
      const place = met[i]!;
      if (++this.choice[place]! < this.places[place]!.options.length) return true;
      this.choice[place] = 0;
    }
    return false;
  }

  /** Chooses otherwise in all places but these, until `restore`. False if there are no others. */
  oppose(met: readonly number[]): boolean {
    if (met.length === this.places.length) return false;
    this.kept = this.choice.slice();
    for (let place = 0; place < this.places.length; place++)
      if (!met.includes(place))
        this.choice[place] = this.choice[place] === 0 ? this.places[place]!.options.length - 1 : 0;
    return true;
  }

  restore(): void {
    this.choice.set(this.kept);
  }

  /** How many states differ only outside of these places. */
  alike(met: readonly number[]): number {
    return met.reduce((rest, place) => rest / this.places[place]!.options.length, this.total);
  }

  /** Makes choices at the boundaries, and some others; each once, at most `most`. */
  *sampled(most: number): Generator<void> {
    const seen = new Set<string>();
    for (const candidate of this.sample()) {
      const key = candidate.join();
      if (seen.has(key)) continue;
      seen.add(key);
      this.choice.set(candidate);
      yield;
      if (seen.size >= most) return;
    }
  }

  /** Makes some by chance: each a prefix of the writes in which a few sectors deviate. The first survive whole or not. */
  *drawn(below: (n: number) => number, count: number): Generator<void> {
    const { places, writes, choice } = this;
    for (let i = 0; i < count; i++) {
      choice.set(this.prefix(below(writes.length + 1)));
      if (i % 2 === 1 && places.length > 0)
        for (let k = 1 + below(3); k > 0; k--) {
          const place = below(places.length);
          choice[place] = below(places[place]!.options.length);
        }
      yield;
    }
  }

  /** The choice leaves a write of log or metadata in part. */
  get tears(): boolean {
    const shown = new Map<number, boolean>();
    for (let i = 0; i < this.choice.length; i++) {
      const { options } = this.places[i]!;
      const { writer } = options[options.length - 1]!;
      const survives = this.choice[i] === options.length - 1;
      const known = shown.get(writer);
      if (known !== undefined && known !== survives) return true;
      shown.set(writer, survives);
    }
    return false;
  }

  /** The choice as what survives. */
  get survivors(): Survivors {
    const kept = new Map<VolatileWrite, Set<number>>();
    this.places.forEach(({ options }, i) => {
      const { writer, sector } = options[this.choice[i]!]!;
      if (writer < 0) return;
      const write = this.writes[writer]!;
      const sectors = kept.get(write);
      if (sectors === undefined) kept.set(write, new Set([sector]));
      else sectors.add(sector);
    });
    return { survives: (write, sector) => kept.get(write)?.has(sector) === true };
  }

  private durableAt(address: Bytes): string {
    let contents = this.known.get(address);
    if (contents === undefined) {
      contents = this.durable.toString('latin1', address, address + this.sectorSize);
      this.known.set(address, contents);
    }
    return contents;
  }

  /** States in which each write is there in all of its sectors that nothing later was written to, or in none. */
  private whole(): number {
    const without = new Map<number, number>();
    for (const { options } of this.places) {
      const { writer } = options[options.length - 1]!;
      without.set(writer, (without.get(writer) ?? 1) * (options.length - 1));
    }
    let product = 1;
    for (const others of without.values()) product *= 1 + others;
    return product;
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
    // Few sectors deviate from a prefix, as a rule; now and then any may.
    for (let round = 0, x = 1; round < 65_536; round++) {
      const next = (n: number): number => {
        x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
        return (x >>> 8) % n;
      };
      const choice = this.prefix(next(writes.length + 1));
      for (let k = round % 4 === 3 ? 2 * places.length : 1 + next(4); k > 0; k--) {
        const i = next(places.length);
        choice[i] = next(places[i]!.options.length);
      }
      yield choice;
    }
  }
}

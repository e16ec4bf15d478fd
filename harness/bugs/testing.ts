/** What a target does, as a number of few digits: two that do the same have the same. For tests. */
import { createHash, type Hash } from 'node:crypto';
import type { IterationRecord, Sink, Target, TargetConfig, TargetFactory } from '../../model/contract/index.js';

const ROOM = 1 << 16;

/** Takes in all that targets tell, mappings included. */
export class Eavesdropper {
  readonly #hash: Hash = createHash('sha256');
  readonly #heard = new Float64Array(ROOM);
  #count = 0;

  /** The same factory, overheard. */
  at(factory: TargetFactory): TargetFactory {
    const { mount } = factory;
    const overheard = {
      name: factory.name,
      create: (config: TargetConfig): Target => factory.create(this.#tap(config)),
    };
    if (mount === undefined) return overheard;
    return {
      ...overheard,
      mount: (config, image, looked): Target | null => mount.call(factory, this.#tap(config), image, looked),
    };
  }

  /** Of all that was heard. */
  digest(): string {
    this.#flush();
    return this.#hash.copy().digest('hex');
  }

  #tap(config: TargetConfig): TargetConfig {
    const { sink } = config;
    const tapped: Sink = {
      emit: (kind, file, a, b, c) => {
        this.#hear(kind, file, a, b, c);
        sink.emit(kind, file, a, b, c);
      },
      iteration: (step, record) => {
        this.#hear(-1 - step, ...mappingsOf(record));
        sink.iteration(step, record);
      },
    };
    return { ...config, sink: tapped };
  }

  #hear(...numbers: readonly number[]): void {
    if (this.#count + numbers.length > ROOM) this.#flush();
    for (const number of numbers) this.#heard[this.#count++] = number;
  }

  #flush(): void {
    this.#hash.update(new Uint8Array(this.#heard.buffer, 0, this.#count * Float64Array.BYTES_PER_ELEMENT));
    this.#count = 0;
  }
}

function mappingsOf({ file, pos, length, error, iomap, srcmap }: IterationRecord): readonly number[] {
  const fields = [iomap, srcmap].flatMap(({ type, flags, offset, length: size, addr }) => [
    type,
    flags,
    offset,
    size,
    addr,
  ]);
  return [file, pos, length, error, ...fields];
}

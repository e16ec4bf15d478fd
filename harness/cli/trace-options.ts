/** Options of every command that reads traces: an fsx log without its `.json` needs to be told what stands in it. */
import type { Command } from 'commander';
import type { FsxSaid } from '../../traces/import/index.js';
import type { Loaded } from '../replay/load.js';
import { wholeNumber } from './options.js';

export interface FsxOptions {
  readonly fsxSeed?: string;
  readonly fsxMaxLen?: string;
  readonly blockSize?: string;
  readonly direct?: true;
}

/** What an fsx log without a `.json` beside it needs. */
export function declareFsxOptions(command: Command): void {
  command
    .option('--fsx-seed <n>', 'fsx log: the seed of its fill')
    .option('--fsx-max-len <n>', 'fsx log: the longest file, in bytes')
    .option('--block-size <n>', 'fsx log: block size in bytes')
    .option('--direct', 'fsx log: reads and writes were direct');
}

/** What the user said about a log. */
export function fsxSaid(options: FsxOptions): FsxSaid {
  const number = (option: string, text: string | undefined, most: number): number | null =>
    text === undefined ? null : wholeNumber(option, text, option === '--fsx-seed' ? 0 : 1, most);
  return {
    seed: number('--fsx-seed', options.fsxSeed, 2 ** 32 - 1),
    maxFileLen: number('--fsx-max-len', options.fsxMaxLen, 2 ** 30),
    blockSize: number('--block-size', options.blockSize, 65_536),
    direct: options.direct ?? null,
  };
}

/** The trace on another file system, if the user wants that. */
export function withFileSystem(loaded: Loaded, fs: string | undefined): Loaded {
  if (fs === undefined) return loaded;
  return { ...loaded, trace: { ...loaded.trace, header: { ...loaded.trace.header, fs } } };
}

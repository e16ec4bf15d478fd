/** Options of every command that reads traces: an fsx log without its `.json` needs to be told what stands in it. */
import type { Command } from 'commander';
import { LARGEST_BLOCK } from '../../model/contract/index.js';
import { shown } from '../../traces/format/index.js';
import { type FsxSaid, RECORDINGS } from '../../traces/import/index.js';
import { type Loaded, loadTrace } from '../replay/load.js';
import { FILE_SYSTEMS } from '../targets/index.js';
import { UsageError } from './exit.js';
import { oneOf, wholeNumber } from './options.js';

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

/** The files the user names. What is said about fsx logs is refused where none is one. */
export function loadTraces(paths: readonly string[], options: FsxOptions): Loaded[] {
  const said = fsxSaid(options);
  const loaded = paths.map(path => loadTrace(path, said));
  const flag = Object.entries(FLAGS).find(([option]) => options[option as keyof FsxOptions] !== undefined)?.[1];
  const [first] = loaded;
  if (flag !== undefined && first !== undefined && !loaded.some(({ kind }) => kind === 'fsx'))
    throw new UsageError(`${flag}: expected ${RECORDINGS.fsx}, which it is for, got ${RECORDINGS[first.kind]}`);
  return loaded;
}

const FLAGS: Readonly<Record<keyof FsxOptions, string>> = {
  fsxSeed: '--fsx-seed',
  fsxMaxLen: '--fsx-max-len',
  blockSize: '--block-size',
  direct: '--direct',
};

/** What the user said about a log. */
function fsxSaid(options: FsxOptions): FsxSaid {
  const number = (option: string, text: string | undefined, most: number): number | null =>
    text === undefined ? null : wholeNumber(option, text, option === '--fsx-seed' ? 0 : 1, most);
  return {
    seed: number('--fsx-seed', options.fsxSeed, 2 ** 32 - 1),
    maxFileLen: number('--fsx-max-len', options.fsxMaxLen, 2 ** 30),
    blockSize: blockSizeOf(options.blockSize),
    direct: options.direct ?? null,
  };
}

function blockSizeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const blockSize = wholeNumber('--block-size', text, 1, LARGEST_BLOCK);
  if (!Number.isInteger(Math.log2(blockSize)))
    throw new UsageError(`--block-size ${text}: expected a power of two up to ${LARGEST_BLOCK}`);
  return blockSize;
}

/** The trace on another file system, if the user wants that; its own is one that there is. */
export function withFileSystem(loaded: Loaded, fs: string | undefined): Loaded {
  const own = loaded.trace.header.fs;
  if (fs !== undefined) oneOf('--fs', fs, FILE_SYSTEMS);
  if (fs === undefined && !FILE_SYSTEMS.includes(own)) {
    // Only a trace has a header in a line of its own.
    const at = loaded.kind === 'trace' ? `${loaded.name}:1` : loaded.name;
    throw new UsageError(`${at}: expected fs to be one of ${FILE_SYSTEMS.join(', ')}, or --fs, got ${shown(own)}`);
  }
  if (fs === undefined) return loaded;
  return { ...loaded, trace: { ...loaded.trace, header: { ...loaded.trace.header, fs } } };
}

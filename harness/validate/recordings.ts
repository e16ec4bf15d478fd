/**
 * The recordings of a real kernel that tests and benches use: those of the corpus, and those of a directory beside the
 * project where there is one. Not part of the program.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Recording, readRecording } from './damage/index.js';

const CORPUS = new URL('../../../traces/corpus/ftrace/', import.meta.url);
const BESIDE = new URL('../../../../shared/captures/', import.meta.url);

/** All recordings, by name; the corpus first. */
export function loadRecordings(): readonly Recording[] {
  const seen = new Map<string, Recording>();
  for (const directory of [CORPUS, BESIDE]) {
    if (!existsSync(directory)) continue;
    for (const file of readdirSync(directory).sort()) {
      const name = /^(.*)\.trace(?:\.gz)?$/.exec(file)?.[1];
      if (name === undefined || seen.has(name)) continue;
      const bytes = readFileSync(new URL(file, directory));
      const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
      const commands = new URL(`${name}.cmds`, directory);
      seen.set(name, readRecording(name, text, existsSync(commands) ? readFileSync(commands, 'latin1') : ''));
    }
  }
  return [...seen.values()];
}

/** Option values as the command line spells them. Each reader throws a UsageError that says what was expected. */
import { UsageError } from './exit.js';

/** A whole number between two bounds. Accepts `1_000_000` and `1e6`. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d[\d_]*$|^\d+e\d+$/i.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new UsageError(`${option} ${text}: expected a whole number from ${least} to ${most}`);
  return value;
}

/** One of a list of words. */
export function oneOf<Word extends string>(option: string, text: string, words: readonly Word[]): Word {
  const found = words.find(word => word === text);
  if (found === undefined) throw new UsageError(`${option} ${text}: expected one of ${words.join(', ')}`);
  return found;
}

/** A duration such as 30s, 5m, 2h, in seconds. */
export function seconds(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text);
  if (match === null || Number(match[1]) <= 0)
    throw new UsageError(`${option} ${text}: expected a duration such as 30s, 5m or 2h`);
  return Number(match[1]) * { s: 1, m: 60, h: 3600 }[match[2] as 's' | 'm' | 'h'];
}

/** A shard such as 2/4: the second of four. */
export function shard(option: string, text: string): { index: number; count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]) - 1;
  const count = Number(match?.[2]);
  if (match === null || !(index >= 0 && index < count))
    throw new UsageError(`${option} ${text}: expected I/N with 1 <= I <= N`);
  return { index, count };
}

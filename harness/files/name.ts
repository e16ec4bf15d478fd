/** Names of files made of words of the user: any text gives a short name without a path in it, and always the same. */
import { createHash } from 'node:crypto';

const PLAIN = /^\w[\w.+-]{0,79}$/;
const KEPT = 40;

/** The text itself where it can be a name; else what is readable of it with a digest, so that texts stay apart. */
export function safeName(text: string): string {
  if (PLAIN.test(text)) return text;
  const readable = text
    .replace(/[^\w.+-]+/g, '_')
    .replace(/^[^\w]+/, '')
    .slice(0, KEPT);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${readable}${readable === '' ? '' : '-'}${digest}`;
}

/** The names in their order, none twice: one that was there before has a number behind it. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map(name => {
    let free = name;
    for (let n = 2; taken.has(free) || (n > 2 && names.includes(free)); n++) free = `${name}-${n}`;
    taken.add(free);
    return free;
  });
}

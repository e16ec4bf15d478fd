/** Words of a command line for a POSIX shell. */

/** The text as one word, quoted only where it has to be. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_.,:=+@%/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path that no program takes for an option. */
export function plainPath(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

/** A comment: what follows a line break in it would be a command. */
export function shellComment(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
  return `# ${text.replace(/[\u0000-\u001f\u007f]+/g, ' ')}`;
}

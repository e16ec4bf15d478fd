/**
 * From TypeScript to JavaScript for the sources a diff changed. Types are erased, not checked: a mutation may well be
 * something the compiler would refuse, and it is the campaign that has to find it.
 */
import { type TransformOptions, transformSync } from 'esbuild';
import { PatchError } from './patch.js';

const options: TransformOptions = {
  loader: 'ts',
  format: 'esm',
  target: 'es2023',
  logLevel: 'silent',
  tsconfigRaw: { compilerOptions: { target: 'es2023', verbatimModuleSyntax: true, useDefineForClassFields: true } },
};

/** The JavaScript of a source, with its map inside so that stack traces name the source's lines. */
export function transpile(source: string, path: string, patch: string): string {
  try {
    return transformSync(source, { ...options, sourcefile: path, sourcemap: 'inline' }).code;
  } catch (error) {
    const { line = 0, text = String(error) } = firstError(error);
    throw new PatchError(`${patch}: ${path} is no TypeScript after the diff: line ${line}: ${text}`);
  }
}

/** True when two sources differ in comments, types and layout at most, so that a diff between them changes nothing that runs. */
export function runsTheSame(before: string, after: string): boolean {
  const bare = (source: string): string =>
    transformSync(source, { ...options, minifyWhitespace: true, legalComments: 'none' }).code;
  return bare(before) === bare(after);
}

function firstError(error: unknown): { readonly line?: number; readonly text?: string } {
  const failure = error as { errors?: { text: string; location: { line: number } | null }[] };
  const message = failure.errors?.[0];
  return message === undefined ? {} : { line: message.location?.line ?? 0, text: message.text };
}

/**
 * Ways in which an implementation may differ from ours, each as a unified diff against `impl/` beside this file. Its header
 * lines say what it does otherwise (`varies`) and which rule, or the silence of which, lets it (`permitted`).
 */

/** Where the diffs lie. */
export const VARIATIONS_FOLDER: URL = new URL('../../../properties/variations/', import.meta.url);

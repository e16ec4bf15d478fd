/**
 * Variations: what an implementation may do otherwise than ours. Each is a unified diff against `impl/`, `SLUG.diff`, that
 * changes behaviour in a way the specification permits; its header lines say what it varies and which rule permits that.
 * Where a mutation shows that a check bites, a variation shows that none bites the innocent: every one has to pass.
 */
export const VARIATIONS_FOLDER: URL = new URL('../../../properties/variations/', import.meta.url);

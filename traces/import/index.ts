/** Recordings of others as traces of ours: fsx logs and the short cases after the kernel's own tests. */
export { importCase, looksLikeCase } from './cases.js';
export { importFsx, looksLikeFsx } from './fsx.js';
export { type FsxFacts, type FsxSaid, fsxFacts, NOTHING_SAID } from './fsx-facts.js';
export { importFtrace, looksLikeFtrace } from './ftrace.js';
export { importAny, kindOf, RECORDINGS, type RecordingKind } from './import.js';

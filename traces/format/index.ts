/** The trace format: what a trace is, reading it, writing it, and the schema it is held against. */
export { writeAnswer as answerJson } from './codec.js';
export { shown, TraceError } from './errors.js';
export { looksLikeTrace, readTrace } from './reader.js';
export { CLOSING_FROM } from './references.js';
export { publishedSchema } from './schema.js';
export * from './trace.js';
export { lineJson, namesOf, writeLine, writeTrace } from './writer.js';

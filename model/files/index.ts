/** The reference model of files: what a user may observe. `createModel` makes one for a sequence. */
export * from './oracle.js';

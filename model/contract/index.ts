/**
 * What everybody shares, and no behaviour: the records, names and interfaces through which the model, implementations,
 * checks, traces and the harness know each other. Third parties implement `IomapOps` and `WritebackOps`, or a whole
 * `Target`; everything else here is what they will meet doing so.
 */
export * from './calls.js';
export * from './checks.js';
export * from './chooser.js';
export * from './data.js';
export * from './device.js';
export * from './errno.js';
export * from './events.js';
export * from './geometry.js';
export * from './iomap-ops.js';
export * from './mapping.js';
export * from './op-flags.js';
export * from './points.js';
export * from './target.js';
export * from './tasks.js';
export * from './transactions.js';
export * from './units.js';
export * from './view.js';

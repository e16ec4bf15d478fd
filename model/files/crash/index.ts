/**
 * Crashes as the harness uses them: a recorder that the model keeps beside its state, a judge for each position of the
 * device history, and the way on in the state that was found.
 */
export { CrashJudge } from './judge.js';
export { contentsOf } from './moment.js';
export type { Candidate, Medium, RecoveredExtent, RecoveredFile } from './recovered.js';
export { Timeline } from './timeline.js';
export { type Window, windowAt } from './window.js';

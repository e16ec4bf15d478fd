/** The reference model of files: what a user may observe. `createModel` makes one, `reset` makes it new for a sequence. */
import { Model, type ModelConfig, type ReferenceModel } from './model.js';

export * from './crash/index.js';
export type { BlockView } from './judge/block-view.js';
export type { ModelConfig, ReferenceModel } from './model.js';
export * from './oracle.js';

export function createModel(config: ModelConfig): ReferenceModel {
  return new Model(config);
}

/** Models that were used before, one for each shape of file system: a new one would cost more than a short sequence. */
import type { TargetConfig } from '../../model/contract/index.js';
import { createModel, type ReferenceModel } from '../../model/files/index.js';

export class ModelPool {
  private readonly models = new Map<string, ReferenceModel>();

  /** A model of empty files; the one that was taken before for the same shape is used up. */
  take({ geometry, options, files }: TargetConfig): ReferenceModel {
    const { blockSize, pageSize, maxFolioSize, sectorSize, deviceBlocks } = geometry;
    const key = `${blockSize} ${pageSize} ${maxFolioSize} ${sectorSize} ${deviceBlocks} ${files}`;
    const kept = this.models.get(key);
    if (kept !== undefined) {
      kept.reset(options);
      return kept;
    }
    const model = createModel({ fs: 'xfs', geometry, options, files });
    this.models.set(key, model);
    return model;
  }
}

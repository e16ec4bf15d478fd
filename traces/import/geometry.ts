/** The geometry of a recording: the kernel's, with the block and page size that it names. */
import { type Geometry, KERNEL_GEOMETRY } from '../../model/contract/index.js';

export function recordedGeometry(blockSize: number, pageSize: number): Geometry {
  const kernel = KERNEL_GEOMETRY;
  return {
    ...kernel,
    blockSize,
    pageSize,
    maxFolioSize: Math.max(kernel.maxFolioSize, blockSize),
    deviceBlocks: Math.ceil((kernel.deviceBlocks * kernel.blockSize) / blockSize),
  };
}

/**
 * The parts of a campaign: which geometry a sequence runs in. Tiny geometries take nearly all operations, because there a
 * sequence visits states instead of copying bytes; the geometries of real users take enough to show that nothing depends
 * on the small numbers.
 */
import type { Geometry } from '../../model/contract/index.js';

export interface Part {
  /** `"tiny"` or the block size; stable, for reports and traces. */
  readonly name: string;
  readonly geometry: Geometry;
  /** Sequences of this part among those of all parts of the campaign. */
  readonly share: number;
  /** Bytes of each file that the operations use, and the longest range of one operation. */
  readonly span: number;
  readonly longest: number;
  /** Tasks whose calls overlap; 1: one call after the other. */
  readonly tasks: number;
}

const KIB = 1024;

function tiny(name: string, blockSize: number, pageSize: number, share: number): Part {
  const unit = Math.max(blockSize, pageSize / 4);
  return {
    name,
    geometry: {
      blockSize,
      pageSize,
      maxFolioSize: Math.max(pageSize, blockSize) * 4,
      sectorSize: 8,
      deviceBlocks: 1024,
    },
    share,
    span: unit * 64,
    longest: unit * 8,
    tasks: 1,
  };
}

/** Several tasks in few blocks, where they meet. */
export function withTasks(part: Part, tasks: number, share: number): Part {
  const span = Math.max(part.span / 4, part.geometry.maxFolioSize * 2);
  return { ...part, name: `${part.name}, ${tasks} tasks`, share, span, longest: Math.max(1, span / 4), tasks };
}

function real(blockSize: number, share: number): Part {
  const span = Math.min(Math.max(blockSize * 32, 256 * KIB), 1024 * KIB);
  return {
    name: `${blockSize}`,
    geometry: {
      blockSize,
      pageSize: 4096,
      maxFolioSize: 2048 * KIB,
      sectorSize: 512,
      deviceBlocks: Math.max(256, (8192 * KIB) / blockSize),
    },
    share,
    span,
    longest: Math.min(span / 4, Math.max(blockSize * 7, 64 * KIB)),
    tasks: 1,
  };
}

export const PARTS: readonly Part[] = [
  tiny('tiny', 16, 64, 480),
  tiny('tiny-page', 16, 16, 240),
  tiny('tiny-large-block', 64, 16, 240),
  real(4096, 24),
  real(512, 8),
  real(1024, 16),
  real(16_384, 8),
  real(65_536, 8),
];

/**
 * What several tasks do at once is tried in tiny geometries. A fifth of all sequences.
 */
export const TASK_PARTS: readonly Part[] = [
  withTasks(tiny('tiny', 16, 64, 0), 2, 92),
  withTasks(tiny('tiny', 16, 64, 0), 3, 92),
  withTasks(tiny('tiny-page', 16, 16, 0), 3, 40),
  withTasks(tiny('tiny-large-block', 64, 16, 0), 3, 40),
];

/** The default campaign. */
export const ALL_PARTS: readonly Part[] = [...PARTS, ...TASK_PARTS];

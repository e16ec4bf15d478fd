/** Every kind of damage. */
import type { Damage } from './damage.js';
import { iterationDamages } from './of-iterations.js';
import { mappingDamages } from './of-mappings.js';
import { requestDamages } from './of-requests.js';

export { type Damage, damaged } from './damage.js';
export { type Recording, readRecording } from './recording.js';

export const damages: readonly Damage[] = [...mappingDamages, ...iterationDamages, ...requestDamages];

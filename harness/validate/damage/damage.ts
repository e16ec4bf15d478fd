/**
 * A kind of damage: what it does to a line, and the precondition that makes the outcome illegal whatever came before. The
 * precondition is about the text, never about what the validator can find.
 */
import type { Edit } from './edit.js';
import type { Place, Recording } from './recording.js';

export interface Damage {
  readonly name: string;
  /** Why the outcome is illegal. */
  readonly because: string;
  /** The lines instead of the place's own; null where the precondition does not hold. */
  apply(place: Place, recording: Recording): Edit | null;
}

/** The whole text with a damage applied at a place. */
export function damaged(recording: Recording, place: Place, edit: Edit): string {
  const { lines } = recording;
  return [...lines.slice(0, place.at), ...edit, ...lines.slice(place.at + 1)].join('\n');
}

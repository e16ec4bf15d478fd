/**
 * The only source of nondeterminism. Random search, replay by directives, PCT and exhaustive exploration are back ends of
 * this one function. Whatever may go one way or the other asks it, naming what is decided; answer 0 is always the
 * uneventful one, so a run without injections is the run in which nobody was asked.
 */
import type { FileId } from './units.js';

/** What can be decided, with what the answers mean. */
export const CHOICES = {
  'folio-allocation': '0 a folio was had, 1 no memory (-ENOMEM)',
  'user-copy': '0 all bytes, k: the copy stops after the k-th part of its length (faults were disabled)',
  'block-allocation': '0 space was found, 1 -ENOSPC',
  'writeback-map': '0 as the map says, 1 writeback cannot have a mapping (-EIO)',
  'bio-status': '0 success, 1 -EIO',
  'mapping-stale': '0 as it is, 1 the mapping is declared stale once (a bare revocation)',
  'mapping-broken': '0 as begin answered, k: the answer breaks a rule about mappings (MAP-01 … MAP-07) in the k-th way',
  signal: '0 none, 1 a fatal signal is pending',
  completion: 'which of the bios in flight completes next',
  task: 'which of the runnable tasks goes on',
} as const;
export type ChoiceLabel = keyof typeof CHOICES;

export interface Chooser {
  /**
   * One of 0 … n−1; 0 is the uneventful answer. With n = 1 the answer is 0 and nobody is asked. `file` is whom it happens to,
   * where that need not be the file of the call in progress.
   */
  choose(n: number, label: ChoiceLabel, file?: FileId): number;
}

/** The chooser of the uneventful run. */
export const uneventful: Chooser = { choose: () => 0 };

/** What is looked after by something else than an always-on check: the reference model's verdicts, and the runner's own. */
import type { RuleId } from '../../model/contract/index.js';

/** Rules by whose id the reference model rejects an answer or a state. */
export const MODEL_RULES: readonly RuleId[] = [
  'INV-10',
  'INV-15',
  'INV-27',
  'INV-29',
  'INV-30',
  'INV-32',
  'INV-35',
  'INV-36',
  'INV-37',
  'INV-38',
  'INV-48',
  'INV-51',
  'INV-60',
  'INV-61',
  'INV-62',
  'INV-64',
  'INV-65',
  'INV-75',
  'CR-91',
  'DAX-32',
  'FM-03',
  'FM-04',
  'FM-06',
  'FS-X9',
  'FS-X10',
  'FS-X11',
  'FS-X12',
  'FS-X13',
  'FS-X14',
  'PC-30',
  'RP-02',
  'WB-70',
];

/** Those of them by which it rejects what a loss of power left. */
export const CRASH_RULES: readonly RuleId[] = ['INV-60', 'INV-61', 'INV-62', 'INV-64', 'INV-65'];

/** Rules that the model holds answers against as a case of another one, by whose id it rejects them. */
export const MODEL_CASES: ReadonlyMap<RuleId, RuleId> = new Map([['INV-31', 'INV-30']]);

/** Rules that the runner of sequences notices by itself. */
export const RUNNER_RULES: readonly (readonly [id: RuleId, compares: string])[] = [
  [
    'INV-73',
    'nobody can go on; no call ends although all go on in turn; an operation begins again without end while nobody changes the map: each is reported with the wait graph',
  ],
  [
    'INV-63',
    'space, owners and sizes of what recovery left agree; recovering once more, or after a crash of recovery, too',
  ],
];

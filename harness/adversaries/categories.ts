/** What `--inject` names: the kinds of disturbance a campaign may use. */

export const INJECTIONS = ['crash', 'race', 'stale', 'error', 'reclaim'] as const;
export type Injection = (typeof INJECTIONS)[number];

/** What each kind does, for `--help`. */
export const INJECTION_MEANINGS: Readonly<Record<Injection, string>> = {
  crash: 'power loss at any position of the device history',
  race: 'accesses by others at a yield point, stores from the fault handler of a write',
  stale: 'mappings changed by real work, or revoked, while an operation holds them',
  error: 'allocation failures, no space, I/O errors, short copies',
  reclaim: 'clean folios dropped or moved at a yield point',
};

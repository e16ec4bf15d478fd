/** What a command found out, as a list of cases: what systems that run tests are told, in whichever format they read. */

export interface Case {
  /** What kind of case it is: `rules`, `obligations`, the name of a target. */
  readonly group: string;
  readonly name: string;
  /** known: it failed, as it was said to. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'known';
  /** Why it did not pass; empty where it did. */
  readonly message: string;
}

export interface Suite {
  /** The command. */
  readonly name: string;
  /** Wall time; null where nobody measured it. */
  readonly seconds: number | null;
  readonly cases: readonly Case[];
}

export function passed(group: string, name: string): Case {
  return { group, name, outcome: 'passed', message: '' };
}

export function failed(group: string, name: string, message: string): Case {
  return { group, name, outcome: 'failed', message };
}

export function skipped(group: string, name: string, message: string): Case {
  return { group, name, outcome: 'skipped', message };
}

export function known(group: string, name: string, reason: string): Case {
  return { group, name, outcome: 'known', message: reason };
}

export function countOf({ cases }: Suite, outcome: Case['outcome']): number {
  return cases.filter(it => it.outcome === outcome).length;
}

/**
 * How a command ends. The exit status is part of the surface other programs rely on, so it is named here once and every
 * command returns one of these values. Errors that are the user's, and errors that are this machine's, are exceptions of
 * their own, so that a stack trace is only ever printed for a fault of the harness itself.
 */
export const Exit = {
  /** Nothing wrong. */
  clean: 0,
  /** A violation was found, or a bug of the corpus was missed. */
  violation: 1,
  /** Unusable arguments or input. */
  usage: 2,
  /** Something this machine lacks. */
  lacking: 3,
  /** The campaign failed its own duty: an obligation never happened, a canary was missed, a run did not repeat. */
  duty: 4,
  /** Interrupted; the report of what was done so far has been written all the same. */
  interrupted: 130,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/** Arguments or input that cannot be used. Printed as one line; exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something the machine does not have (a privilege, a device, a program). Printed as one line; exit status 3. */
export class LackingError extends Error {
  override readonly name = 'LackingError';
}

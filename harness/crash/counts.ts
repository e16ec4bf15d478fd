/** What was looked at of the crashes of a run, as the summaries count it. */

export interface CrashCounts {
  /** Losses of power after which the run went on in what was recovered. */
  losses: number;
  /** Positions of a device history that were judged. */
  cuts: number;
  /** (cut, image of log and metadata) that were judged. */
  states: number;
  /** Of these, those that recovery can tell from each other at their cut. */
  different: number;
  /** Images mounted; fewer, because cuts and programs have them in common. */
  mounts: number;
  /** Contents of sectors of data that were judged. */
  sectors: number;
  /** Cuts at which not every state was looked at. */
  sampled: number;
  /** States in which a write of log or metadata survived in part. */
  torn: number;
  /** Crashes in the middle of a recovery, which was then run again. */
  interrupted: number;
  /** Cuts in the middle of a call: the device had heard of it, and was to hear more. */
  within: number;
}

export const noCounts = (): CrashCounts => ({
  losses: 0,
  cuts: 0,
  states: 0,
  different: 0,
  mounts: 0,
  sectors: 0,
  sampled: 0,
  torn: 0,
  interrupted: 0,
  within: 0,
});

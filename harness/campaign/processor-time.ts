/** Seconds of processor time that the threads of this process have taken: unlike those of the clock, nobody else's work is in them. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

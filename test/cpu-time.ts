/** Milliseconds of processor time that a step takes: on a busy machine the clock on the wall says little. */
export function cpuTime(step: () => void): number {
  const before = process.cpuUsage();
  step();
  const { system, user } = process.cpuUsage(before);
  return (system + user) / 1000;
}

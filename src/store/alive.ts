/** Whether a process that left its identity in a file is still there. What cannot be told counts as alive. */
import type { Host, ProcessIdentity } from "../host/host.ts";

/** What is known here of a process. `unseen`: it is of another machine or container, and may be alive. */
export type Life = "dead" | "alive" | "unseen";

export function lifeOf({ self, startOf }: Pick<Host, "self" | "startOf">, owner: ProcessIdentity): Life {
  const sameName = owner.host === self.host && owner.machineId === self.machineId;
  if (owner.bootId !== self.bootId || self.bootId === null) {
    // The machine id alone does not tell: containers made from one image share it.
    if (!sameName) return "unseen";
    if (owner.bootId !== self.bootId)
      return owner.bootId !== null && self.bootId !== null && self.machineId !== null ? "dead" : "unseen";
  }
  if (owner.pidNamespace !== self.pidNamespace) return "unseen";
  const start = startOf(owner.pid);
  if (start === null) return "dead";
  const sameClock = owner.timeNamespace === undefined || owner.timeNamespace === self.timeNamespace;
  return sameClock && start !== undefined && owner.start !== null && start !== owner.start ? "dead" : "alive";
}

export const isDead = (host: Pick<Host, "self" | "startOf">, owner: ProcessIdentity): boolean =>
  lifeOf(host, owner) === "dead";

/** An identity that was written down; null for what is none. */
export function identityIn(value: unknown): ProcessIdentity | null {
  const found = value as Partial<ProcessIdentity> | null | undefined;
  const optional = (field: unknown) => field === undefined || field === null || typeof field === "string";
  const sound =
    Number.isInteger(found?.pid) &&
    Number(found?.pid) > 0 &&
    typeof found?.host === "string" &&
    [found.start, found.machineId, found.bootId, found.pidNamespace].every(
      (field) => field !== undefined && optional(field),
    ) &&
    optional(found.timeNamespace);
  return sound ? (found as ProcessIdentity) : null;
}

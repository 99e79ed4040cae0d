/** Who has a file open. Knows Linux, where each process lists what it has open; elsewhere nobody can tell. */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename } from "node:path";
import { orNull } from "../../model/error.ts";

/** Of the processes that this user may look at, but for this one. */
export function isOpenForWriting(path: string): boolean | null {
  const file = process.platform === "linux" ? orNull(() => statSync(path, { bigint: true })) : null;
  if (file === null) return null;
  const name = `/${basename(path)}`;
  const isIt = (descriptor: string): boolean => {
    // Another container may know the folder by another name.
    if (!orNull(() => readlinkSync(descriptor))?.endsWith(name)) return false;
    const open = orNull(() => statSync(descriptor, { bigint: true }));
    return open?.dev === file.dev && open.ino === file.ino;
  };
  return readdirSync("/proc").some((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
    const descriptors = orNull(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
    return descriptors.some((fd) => isIt(`/proc/${pid}/fd/${fd}`) && isWriting(`/proc/${pid}/fdinfo/${fd}`));
  });
}

/** By the flags it was opened with, in octal: the last two bits are zero for reading alone. */
function isWriting(info: string): boolean {
  const flags = /^flags:\s*(\d+)/m.exec(orNull(() => readFileSync(info, "utf8")) ?? "")?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
}

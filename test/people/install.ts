/**
 * The programs that people have around codex-cfg: shells and a terminal. On a machine with apt and the right to use it,
 * what is missing is installed before the first test; elsewhere the parts that need it say that they are skipped.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const PROGRAMS = ["bash", "zsh", "fish", "tmux"] as const;
export type Program = (typeof PROGRAMS)[number];

/** Whether a program is on this machine. */
export function has(program: Program): boolean {
  return (process.env.PATH ?? "").split(":").some((folder) => folder !== "" && existsSync(`${folder}/${program}`));
}

/** Vitest calls it once before the first test. */
export default function install(): void {
  const missing = PROGRAMS.filter((program) => !has(program));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const apt = (...args: string[]) => spawnSync("apt-get", args, { stdio: "ignore", timeout: 300_000 });
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", ...missing);
  }
  const left = PROGRAMS.filter((program) => !has(program));
  if (left.length > 0) console.warn(`test:people: skipped, because they are not there: ${left.join(", ")}`);
}

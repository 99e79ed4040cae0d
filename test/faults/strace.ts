/** The command line under strace: which system calls it makes on a home, and its death at any of them. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const BIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
const STRACE = ["/usr/bin/strace", "/bin/strace"].find(
  (path) => spawnSync(path, ["-o", "/dev/null", "true"], { stdio: "ignore" }).status === 0,
);

/** Whether this machine has it and lets us use it. */
export const canTrace = STRACE !== undefined;

/** One system call of the main thread: the nth of its name since the process began. */
export type Call = { readonly name: string; readonly nth: number; readonly text: string };

export type Command = { readonly home: string; readonly root: string; readonly argv: readonly string[] };

/** Runs a command undisturbed; its calls on the home, in order. */
export async function callsOf(command: Command): Promise<readonly Call[]> {
  const log = `${command.root}/calls`;
  const { signal } = await trace(command, ["-y", "-s", "0", "-o", log, "-e", "trace=%file,%desc"]);
  if (signal !== null) throw new Error(`killed by ${signal}`);
  const counts = new Map<string, number>();
  return readFileSync(log, "utf8")
    .split("\n")
    .flatMap((text): Call[] => {
      const name = /^\w+/.exec(text)?.[0] ?? "";
      const nth = (counts.get(name) ?? 0) + 1;
      counts.set(name, nth);
      return text.includes(command.home) ? [{ name, nth, text }] : [];
    });
}

/** Runs a command that is killed when it makes this call; false when it ended before. */
export async function killAt(command: Command, { name, nth }: Call): Promise<boolean> {
  const inject = `inject=${name}:signal=KILL:when=${nth}`;
  const { signal } = await trace(command, ["-o", "/dev/null", "-e", `trace=${name}`, "-e", inject]);
  return signal === "SIGKILL";
}

function trace({ home, root, argv }: Command, flags: readonly string[]) {
  const env = { CODEX_HOME: home, HOME: root, PATH: `${root}/bin` };
  return new Promise<{ signal: string | null }>((resolve, reject) => {
    const child = spawn(STRACE ?? "strace", [...flags, process.execPath, BIN, ...argv], {
      env,
      cwd: root,
      stdio: "ignore",
    });
    child.on("error", reject);
    // strace dies of what its program died of.
    child.on("close", (_, signal) => resolve({ signal }));
  });
}

/**
 * Runs a program in our place: it has our terminal, hears every signal that we do, and we end as it ended. Keeps nothing of
 * what it says.
 */
import type { ChildProcess } from "node:child_process";
import { orNull } from "../../model/error.ts";
import type { Host } from "../host.ts";
import { childProcess, os } from "./load.ts";
import { isNoProgram } from "./process.ts";
import { isTerminal } from "./terminal.ts";

/** Those of the terminal's keys reach the program by themselves; any other one is handed on. */
const FROM_KEYS: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];
const SIGNALS: readonly NodeJS.Signals[] = [...FROM_KEYS, "SIGTERM", "SIGHUP", "SIGUSR2"];

export const runInPlace: Host["runInPlace"] = async (file, args, { cwd, env }) => {
  let child: ChildProcess | undefined;
  const handOn = (signal: NodeJS.Signals) => {
    if (!(FROM_KEYS.includes(signal) && isTerminal(0))) child?.kill(signal);
  };
  // Before there is a program: one that comes while it is being started waits for it. Windows knows few of them.
  for (const name of SIGNALS) orNull(() => process.on(name, handOn));
  try {
    child = childProcess().spawn(file, args, { cwd, env, stdio: "inherit" });
    return await ended(child);
  } catch (error) {
    if (isNoProgram(error)) return null;
    throw error;
  } finally {
    for (const name of SIGNALS) process.off(name, handOn);
  }
};

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, signal) =>
      resolve(status ?? 128 + (signal === null ? 0 : os().constants.signals[signal])),
    );
  });
}

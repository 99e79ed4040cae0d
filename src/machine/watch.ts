/**
 * Runs a command of the user's once, with the logging that every Codex has, and keeps in memory what it prints: on disk it
 * would outlive the look. Judges nothing.
 */
import type { Host } from "../host/host.ts";
import { CfgError } from "../model/error.ts";

export type Watched = {
  /** All that it printed, logging included; for diagnosis, never to be shown. */
  readonly text: string;
  readonly status: number | null;
  /** It was ended because it took too long. */
  readonly timedOut: boolean;
  /** When it began, in milliseconds since the epoch. */
  readonly began: number;
};

/** Codex waits for a network for ever, and its longest wait for a WebSocket is 15 seconds. */
const LONGEST_MS = 60_000;

/** Warnings, how a turn failed, and the status of each answer (measured 0.134.0 to 0.171.0); prompts are not in it. */
const RUST_LOG = "warn,codex_core=info,codex_otel=info";

/** Throws `usage` for what cannot be started. */
export async function watch(host: Host, home: string, command: readonly string[]): Promise<Watched> {
  const [program = "", ...args] = command;
  const began = host.now();
  const env = { ...host.env, CODEX_HOME: home, RUST_LOG, NO_COLOR: "1" };
  const ran = await host.run(program, args, { env, cwd: host.cwd, timeoutMs: LONGEST_MS });
  if (ran.notStarted)
    throw new CfgError("usage", `${program} cannot be started`, {
      hints: [
        { note: "write the command behind two dashes", argv: ["doctor", "--watch", "--", "codex", "exec", "hi"] },
      ],
    });
  return { text: `${ran.stdout}\n${ran.stderr}`, status: ran.status, timedOut: ran.timedOut, began };
}

/** The profile that a command of Codex names. */
export function profileIn(command: readonly string[]): string | null {
  const at = command.findIndex((word) => word === "-p" || word === "--profile");
  const joined = command.find((word) => word.startsWith("--profile="));
  return joined?.slice("--profile=".length) ?? (at < 0 ? null : (command[at + 1] ?? null));
}

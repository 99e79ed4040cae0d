/** The variables that `$CODEX_HOME/.env` sets for Codex, by name and line. What they hold is never looked at. */
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { textAt } from "./try-read.ts";

export type EnvFile = {
  readonly path: string;
  readonly variables: readonly { readonly name: string; readonly line: number; readonly heeded: boolean }[];
};

/** Codex takes none that begins with `CODEX_` (measured with 0.134.0 and 0.171.0). */
export function envFile(host: Host, home: string): EnvFile {
  const path = join(home, ".env");
  const lines = (textAt(host, path) ?? "").split("\n");
  const variables = lines.flatMap((text, at) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=/.exec(text)?.[1];
    return name === undefined ? [] : [{ name, line: at + 1, heeded: !name.toUpperCase().startsWith("CODEX_") }];
  });
  return { path, variables };
}

/** The variables that `$CODEX_HOME/.env` sets for Codex, by name and line. What they hold is never looked at. */
import { join } from "node:path";
import { isRefused } from "../codex/environment.ts";
import type { Host } from "../host/host.ts";
import { ENV_FILE } from "./environment.ts";
import { textAt } from "./try-read.ts";

export type EnvFile = {
  readonly path: string;
  readonly variables: readonly { readonly name: string; readonly line: number; readonly heeded: boolean }[];
};

/** By name and line; those that Codex does not take from there are among them. */
export function envFile(host: Host, home: string): EnvFile {
  const path = join(home, ENV_FILE);
  const lines = (textAt(host, path) ?? "").split("\n");
  const variables = lines.flatMap((text, at) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=/.exec(text)?.[1];
    return name === undefined ? [] : [{ name, line: at + 1, heeded: !isRefused(name) }];
  });
  return { path, variables };
}

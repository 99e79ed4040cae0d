/** What stands around a config and takes its effect away: `.env`, the keyring, links, policies, a project's file. */
import { join } from "node:path";
import { isSet, VARIABLE_NAME } from "../codex/environment.ts";
import { fileName } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import type { Host } from "../host/host.ts";
import { CLI_STORE, keyringState, MCP_STORE } from "../machine/auth-store.ts";
import type { Environment } from "../machine/environment.ts";
import type { ConfigFile } from "../machine/leftovers.ts";
import { statAt } from "../machine/try-read.ts";
import { orNull } from "../model/error.ts";
import { realPath } from "../store/safe-read.ts";
import type { Document } from "../toml/document.ts";
import { tablesIn } from "../toml/value.ts";

/** Variables that `.env` empties, or sets in vain, as far as a provider's table names them. */
export function envFileFindings(host: Host, { inFile, values }: Environment, files: readonly ConfigFile[]): Finding[] {
  const named = files.flatMap(({ document }) =>
    tablesIn(document.data, ["model_providers"]).flatMap(([, { env_key }]) =>
      typeof env_key === "string" ? env_key : [],
    ),
  );
  return [...new Set(named)].flatMap((name): Finding[] => {
    const isHidden = VARIABLE_NAME.test(name) && inFile.has(name) && !isSet(values, name) && isSet(host.env, name);
    return isHidden ? [{ code: "variable-hidden", severity: "warning", args: { name } }] : [];
  });
}

/** Stores that a keyring has to be there for, and none answers. */
export async function keyringFindings({ codex, host, scratch }: Home, config: Document): Promise<Finding[]> {
  const wanted = [CLI_STORE, MCP_STORE].filter(({ key }) => config.get([key]) === "keyring");
  if (wanted.length === 0 || (await keyringState(host, codex, scratch)) !== "unreachable") return [];
  return wanted.map(({ key }) => ({ code: "keyring-silent", severity: "warning", args: { key } }));
}

/** A config that Codex cannot write, as behind a link into a store of packages. */
export function unwritable(host: Host, home: string): Finding[] {
  const name = fileName("config");
  const path = join(home, name);
  const stat = statAt(host, path);
  const real = stat === null ? null : orNull(() => realPath(host.disk, path));
  if (real === null || (host.disk.mayWrite(join(real, "..")) && host.disk.mayWrite(real))) return [];
  const target = stat?.kind === "link" ? real : null;
  return [{ code: "config-unwritable", severity: "warning", args: { file: name, target }, file: "config" }];
}

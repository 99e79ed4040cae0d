/**
 * What other tools leave in a home: addresses of programs on this machine that have to run for Codex to work, and lines
 * and profiles that such tools have written.
 */

import { always } from "../codex/facts.ts";
import { profileOf } from "../codex/file-role.ts";
import { serviceAt } from "../codex/providers.ts";
import { switchOf } from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { FileRole, KeyPath, Op } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { renderKey } from "../toml/value.ts";

/** One file of a home. */
export type ConfigFile = { readonly file: FileRole; readonly document: Document };

/** An address on this machine that some start of Codex goes to. */
export type LocalAddress = {
  readonly file: FileRole;
  readonly path: KeyPath;
  readonly host: string;
  readonly port: number;
  /** The ops after which no start uses the address; none where only the user can decide. */
  readonly removal: readonly Op[];
};

/** The local addresses that the files' own starts use. Providers that nobody chooses do not count. */
export function localAddresses(config: Document, files: readonly ConfigFile[]): LocalAddress[] {
  return files.flatMap(({ document, file }): LocalAddress[] => {
    const plain = [
      ...always("addressKeys").flatMap((key) => addressAt(document, file, [key], [{ op: "unset", file, path: [key] }])),
      ...serverAddresses(config, { document, file }),
    ];
    const id = document.get(["model_provider"]);
    if (typeof id !== "string") return plain;
    const path = ["model_providers", id, "base_url"];
    const own = document.get(path) !== undefined;
    const removal: Op[] = [{ op: "unset", file, path: ["model_provider"] }];
    return [...plain, ...addressAt(own ? document : config, own ? file : "config", path, removal)];
  });
}

/** Servers that are on. One that does not answer may be started later, so turning it off is no fix. */
function serverAddresses(config: Document, { document, file }: ConfigFile): LocalAddress[] {
  const isOn = (name: string) => (document.get(switchOf(name)) ?? config.get(switchOf(name))) !== false;
  return Object.keys(document.table(["mcp_servers"]) ?? {})
    .filter(isOn)
    .flatMap((name) => addressAt(document, file, ["mcp_servers", name, "url"], []));
}

function addressAt(document: Document, file: FileRole, path: KeyPath, removal: readonly Op[]): LocalAddress[] {
  const address = document.get(path);
  if (typeof address !== "string" || serviceAt(address.replace(/^ws/, "http")) !== "loopback") return [];
  const { port, protocol, hostname } = new URL(address);
  const number = port === "" ? (/^(?:https|wss):$/.test(protocol) ? 443 : 80) : Number(port);
  return [{ file, path, host: hostname, port: number, removal }];
}

/** The finding about a local address; `dead` where nobody answers. */
export function addressFinding(address: LocalAddress, document: Document, dead: boolean): Finding {
  const { file, host, path, port, removal } = address;
  return {
    code: "loopback-address",
    severity: dead ? "warning" : "info",
    args: { key: renderKey(path), address: `${host}:${port}`, dead },
    file,
    path,
    at: document.position(document.range(path)?.start ?? 0),
    ...(dead && removal.length > 0
      ? {
          fix: {
            kind: "choice",
            reason: "the program that should answer may only not be running",
            options: [{ label: "take the address out", ops: removal }],
          },
        }
      : {}),
  };
}

/** Lines and profiles of known tools: only notes, because the tool may be in use. */
export function otherToolTraces(files: readonly ConfigFile[]): Finding[] {
  return files.flatMap(({ document, file }): Finding[] =>
    always("toolMarks").flatMap(({ comment, profile, tool }): Finding[] => {
      const mark = comment === null ? null : new RegExp(comment);
      const line = document.text.split(/\r?\n/).findIndex((text) => mark?.test(text));
      if (line < 0 && profileOf(file) !== profile) return [];
      const args = { tool, line: line < 0 ? null : line + 1 };
      return [{ code: "other-tool-trace", severity: "info", args, file, path: [] }];
    }),
  );
}

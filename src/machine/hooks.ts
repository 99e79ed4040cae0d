/**
 * The hooks that a home declares, in config.toml and hooks.json, and those that Codex passes over without a word. Knows what
 * is declared and what is trusted, never what a hook runs.
 */
import { join } from "node:path";
import { forVersion } from "../codex/facts.ts";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import { orNull } from "../model/error.ts";
import type { TomlTable } from "../model/op.ts";
import { realPath } from "../store/safe-read.ts";
import type { Document } from "../toml/document.ts";
import { isTable } from "../toml/value.ts";
import { statAt, textAt } from "./try-read.ts";

const FILE = "hooks.json";

/** What is wrong with the hooks of a home; trust may stand in a profile's file, too, where Codex was started with it. */
export function hookFindings(
  host: Host,
  home: string,
  [config, ...profiles]: readonly [Document, ...Document[]],
  version: string,
): Finding[] {
  const text = textAt(host, join(home, FILE));
  const json = text === null ? {} : orNull(() => JSON.parse(text) as unknown);
  const damaged = text !== null && !isObject(json);
  const inConfig = hooksIn(config.table(["hooks"]) ?? {}, "config.toml");
  const inJson = isObject(json) && isObject(json.hooks) ? hooksIn(json.hooks, FILE) : [];
  const states = statesIn(host, home, [...profiles, config]);
  const found = [...inConfig, ...inJson];
  const idle = (reason: "untrusted" | "off" | "feature", hooks: readonly Hook[]): Finding[] =>
    hooks.length === 0
      ? []
      : [{ code: "hooks-idle", severity: "warning", args: { events: hooks.map(({ event }) => event), reason } }];
  const isOff = (hook: Hook) => states.get(hook.key)?.enabled === false;
  const isTrusted = (hook: Hook) => typeof states.get(hook.key)?.trusted_hash === "string";
  const allOff = ["hooks", "codex_hooks"].some((name) => config.get(["features", name]) === false);
  const needsTrust = forVersion("hookTrust", version);
  return [
    ...(damaged ? [damage(FILE, reasonFor(text ?? ""))] : []),
    ...(allOff
      ? idle("feature", found)
      : [
          ...idle("untrusted", needsTrust ? found.filter((hook) => !isTrusted(hook) && !isOff(hook)) : []),
          ...idle("off", found.filter(isOff)),
        ]),
    ...(inConfig.length > 0 && inJson.length > 0
      ? [{ code: "hooks-twice", severity: "warning", args: {} } satisfies Finding]
      : []),
    ...staleStates(host, config),
  ];
}

export type Damage = Extract<Finding, { code: "damaged-file" }>["args"]["reason"];

export function damage(file: string, reason: Damage): Finding {
  return { code: "damaged-file", severity: "warning", args: { file, reason } };
}

/** What keeps a text from being JSON, as far as it can be seen without showing any of it. */
export function reasonFor(text: string): Damage {
  if (text.trim() === "") return "empty";
  return /^\0+$/.test(text) ? "zeros" : "not-json";
}

type Hook = { readonly event: string; readonly key: string };

/** The hooks of a table by event; `key` is how `[hooks.state]` names each, without the folder. */
function hooksIn(table: object, file: string): Hook[] {
  return Object.entries(table).flatMap(([event, groups]) => {
    if (!Array.isArray(groups)) return [];
    const name = event.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
    return groups.flatMap((group: unknown, g) => {
      const handlers = isObject(group) && Array.isArray(group.hooks) ? group.hooks : [];
      return handlers.map((_, i) => ({ event, key: `${file}:${name}:${g}:${i}` }));
    });
  });
}

/** What `[hooks.state]` says of the hooks of this home's own files. */
function statesIn(host: Host, home: string, documents: readonly Document[]): Map<string, TomlTable> {
  const homes = [home, orNull(() => realPath(host.disk, home))];
  const found = new Map<string, TomlTable>();
  for (const [key, state] of documents.flatMap((one) => Object.entries(one.table(["hooks", "state"]) ?? {})))
    for (const place of homes)
      if (place !== null && key.startsWith(join(place, "/")) && isTable(state))
        found.set(key.slice(place.length + 1), state);
  return found;
}

/** Entries for files that are gone: notes, one a file. */
function staleStates(host: Host, config: Document): Finding[] {
  const files = Object.keys(config.table(["hooks", "state"]) ?? {}).flatMap(
    (key) => /^(\/.+):[a-z_]+:\d+:\d+$/.exec(key)?.[1] ?? [],
  );
  return [...new Set(files)]
    .filter((file) => statAt(host, file) === null)
    .map((file) => ({ code: "hook-state-stale", severity: "info", args: { file } }));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

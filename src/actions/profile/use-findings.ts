/** What is worth knowing when another profile counts for every start: chats, projects, what to start anew, what others changed. */
import type { Finding } from "../../findings/finding.ts";
import type { Home } from "../../home.ts";
import { providersOfChats } from "../../machine/chats.ts";
import { projectsThatWin } from "../../machine/projects.ts";
import type { KeyPath, TomlTable } from "../../model/op.ts";
import { shownKey } from "../../redact/shown.ts";
import type { Document } from "../../toml/document.ts";
import { leavesOf, sameValue } from "../../toml/value.ts";
import type { InUse } from "./in-use.ts";
import { settingsToLay } from "./in-use.ts";
import { profileNames } from "./names.ts";

type Sides = {
  readonly profile: string | null;
  readonly settings: TomlTable;
  readonly before: Document;
  readonly after: Document;
};

/** Keys of the profile that was in use which somebody has changed: they stay, as settings of config.toml. */
export function changedMeanwhile({ profile }: InUse, changed: readonly KeyPath[]): Finding[] {
  if (changed.length === 0) return [];
  return [{ code: "use-changed", severity: "warning", args: { profile, keys: changed.map(shownKey) } }];
}

export function afterUse(home: Home, { after, before, profile, settings }: Sides): Finding[] {
  const { codex, dir, host } = home;
  const keys = Object.keys(settings);
  const loose = keys.filter((key) => LOOSE.includes(key));
  return [
    ...chats(home, providerOf(home, before), providerOf(home, after)),
    ...(loose.length === 0 ? [] : [{ code: "use-permits", severity: "warning", args: { keys: loose } } as const]),
    ...(profile === null ? [] : projectsThatWin(host, dir, after, keys, codex.version)),
    { code: "use-restart", severity: "info", args: {} },
  ];
}

/** Settings that say what Codex may do, which the IDE extension and the desktop app had without the profile so far. */
const LOOSE = [
  "sandbox_mode",
  "sandbox_workspace_write",
  "approval_policy",
  "default_permissions",
  "permissions",
  "projects",
];

/**
 * Says where config.toml holds all that a profile sets and history does not know who laid it, as after the state folder was
 * deleted: the file as it is counts as what is there without a profile.
 */
export function nobodyRemembers(home: Home): Finding[] {
  const config = home.snapshot.document("config");
  if (!home.codex.layout.ownFiles || home.history.entries.length > 0) return [];
  const profiles = profileNames(home).filter((name) => {
    const leaves = leavesOf(settingsToLay(home, name) ?? {}).filter(([path]) => path.length > 0);
    return leaves.length > 0 && leaves.every(([path, value]) => sameValue(config.get(path), value));
  });
  return profiles.map((profile) => ({ code: "use-forgotten", severity: "info", args: { profile } }));
}

function providerOf({ codex: { layout } }: Home, config: Document): string {
  const selected = layout.selected(config);
  const own = selected === null ? undefined : config.get([...layout.place(selected).root, "model_provider"]);
  const provider = own ?? config.get(["model_provider"]);
  return typeof provider === "string" ? provider : "openai";
}

/** Codex lists the chats of the provider in force alone, and resumes a chat under its own only. */
function chats({ dir, host }: Home, from: string, to: string): Finding[] {
  if (from === to) return [];
  const count = providersOfChats(host, dir);
  const [leave, come] = [count.get(from) ?? 0, count.get(to) ?? 0];
  if (leave + come === 0) return [];
  return [{ code: "use-chats", severity: "warning", args: { from, to, leave, come } }];
}

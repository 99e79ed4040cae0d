/** The profiles of a home: where each lives, what it starts Codex with, whether it loads and is in force. */
import { checkStart } from "../../check/check-start.ts";
import { mergeTables } from "../../codex/merge.ts";
import { type Transport, transportOf } from "../../codex/transport.ts";
import type { Finding } from "../../findings/finding.ts";
import type { Home } from "../../home.ts";
import type { TomlTable } from "../../model/op.ts";
import { checkCall } from "../../model/wish.ts";
import { valueAt } from "../../toml/value.ts";
import { inUse } from "./in-use.ts";
import { legacyTables, ownSettings, placeName, profileNames } from "./names.ts";

/** What one start of Codex gets out of the home's own files. */
export type StartInfo = {
  /** Null where the files do not say, and where they cannot be read. */
  readonly model: string | null;
  readonly provider: string | null;
  /** Null for a provider that is not there. */
  readonly transport: Transport | null;
  readonly loads: boolean;
};

export type ProfileInfo = StartInfo & {
  readonly name: string;
  /** Its file, or its table of config.toml. */
  readonly where: string;
  /** Whether every start gets it, one without `--profile`, too. */
  readonly inForce: boolean;
};

export type ProfileList = {
  /** A start without a profile. */
  readonly plain: StartInfo;
  readonly profiles: readonly ProfileInfo[];
  readonly findings: readonly Finding[];
};

/** Every profile that this Codex can start with. Throws `invalid-toml` where they are tables of a broken config.toml. */
export async function listProfiles(home: Home): Promise<ProfileList> {
  checkCall("listProfiles", home, {}, {});
  const profiles: ProfileInfo[] = [];
  const chosen = inForce(home);
  for (const name of profileNames(home)) {
    if (!home.codex.layout.accepts(name)) continue;
    const info = await startInfo(home, name);
    profiles.push({ name, where: placeName(home, name), ...info, inForce: name === chosen });
  }
  const elsewhere = legacyTables(home);
  const findings: Finding[] =
    elsewhere.length === 0 ? [] : [{ code: "profiles-in-tables", severity: "warning", args: { profiles: elsewhere } }];
  return { plain: await startInfo(home, null), profiles, findings };
}

/** The profile that counts for every start; null for none, and where config.toml cannot be read. */
export function inForce(home: Home): string | null {
  const { codex, snapshot } = home;
  const config = snapshot.parsed("config");
  if (config === null) return null;
  return codex.layout.ownFiles ? (inUse(home)?.profile ?? null) : codex.layout.selected(config);
}

async function startInfo(home: Home, profile: string | null): Promise<StartInfo> {
  const { loads } = await checkStart(home, profile);
  const merged = settingsOf(home, profile, "selected");
  const word = (key: string) => {
    const value = merged && valueAt(merged, [key]);
    return typeof value === "string" ? value : null;
  };
  const provider = merged === null ? null : (word("model_provider") ?? "openai");
  const transport = merged && provider !== null ? transportOf(merged, provider, home.codex.version) : null;
  return { model: word("model"), provider, transport, loads };
}

/**
 * What the home's own files give a start; null where one of them does not parse. `named`: without a profile none counts,
 * not even one that config.toml selects.
 */
export function settingsOf(home: Home, profile: string | null, which: "named" | "selected"): TomlTable | null {
  const { codex, snapshot } = home;
  const config = snapshot.parsed("config");
  if (config === null) return null;
  const { profile: _, profiles: __, ...base } = config.data;
  const name = profile ?? (which === "selected" ? codex.layout.selected(config) : null);
  if (name === null) return base;
  if (snapshot.parsed(codex.layout.place(name).file) === null) return null;
  return mergeTables(base, ownSettings(home, name));
}

/**
 * Every rule beyond the types of keys, with the root keys that it reads: a rule is given these and no others, so that a
 * change elsewhere cannot alter what it finds. The rules themselves are in `codex/rules/`.
 */
import { profileOf } from "../codex/file-role.ts";
import { loginPitfalls } from "../codex/login.ts";
import { baseUrlRules } from "../codex/rules/base-url.ts";
import { featurePitfalls, featureRules } from "../codex/rules/features.ts";
import { keymapRules } from "../codex/rules/keymap.ts";
import { layerRules } from "../codex/rules/layers.ts";
import { aliasRules, limitRules, threadsRule } from "../codex/rules/limits.ts";
import { permissionRules } from "../codex/rules/permissions.ts";
import { providerPitfalls } from "../codex/rules/provider-pitfalls.ts";
import { providerRules } from "../codex/rules/providers.ts";
import { serverVariables } from "../codex/rules/server-variables.ts";
import { serverPitfalls, serverRules } from "../codex/rules/servers.ts";
import { deprecatedFeatures, literalTraps, sandboxTraps } from "../codex/rules/traps.ts";
import { fileRules, legacyProfile, providerRule, removedRules } from "../codex/rules/whole.ts";
import type { Violation } from "../findings/finding.ts";
import type { TomlTable } from "../model/op.ts";
import { type Checking, type Layer, only } from "./context.ts";

/** Where the kind of login that counts is set. */
const LOGIN = "cli_auth_credentials_store";

type Rule<Extra extends readonly unknown[] = []> = {
  /** Root keys that it looks at together; `each` for a rule that looks at every root key by itself. */
  readonly reads: readonly string[] | "each";
  readonly of: (config: TomlTable, context: Checking, ...extra: Extra) => Violation[];
};

/** What Codex checks after it has merged the layers. */
const MERGED: readonly Rule[] = [
  { reads: ["tui"], of: (config, { schema, version }) => keymapRules(config, schema, version) },
  {
    reads: ["model_providers", "model_provider"],
    of: (config, { selectors, version }) => providerRules(config, version, selectors),
  },
  { reads: ["mcp_servers"], of: (config, { version }) => serverRules(config, version) },
  { reads: ["profile", "profiles"], of: (config, context) => legacyProfile(config, context).violations },
];

/** What Codex checks after it has put the selected legacy profile over the root. */
const EFFECTIVE: readonly Rule[] = [
  { reads: ["model_provider", "model_providers"], of: providerRule },
  { reads: "each", of: (config, { version }) => removedRules(config, version) },
  {
    reads: ["permissions", "default_permissions", "sandbox_mode"],
    of: (config, { version }) => permissionRules(config, version),
  },
  { reads: "each", of: (config, { version }) => limitRules(config, version) },
  { reads: ["agents", "features"], of: (config, { version }) => threadsRule(config, version) },
  { reads: "each", of: fileRules },
];

/** What keeps a file from loading by itself, even where another layer overrides the setting. */
const FILE: readonly Rule[] = [{ reads: "each", of: (config, { version }) => layerRules(config, version) }];

/** What the strict view checks in one file by itself. */
const STRICT: readonly Rule[] = [
  { reads: "each", of: (config, { nearest, schema, version }) => featureRules(config, schema, version, nearest) },
  { reads: "each", of: (config, { version }) => aliasRules(config, version) },
];

/** What it checks of the merge, and of each file by itself once more. */
const REPEATED: readonly Rule<[Layer]>[] = [
  {
    reads: ["model_providers", "model_provider"],
    of: (config, { selectors, version }) => providerRules(config, version, selectors),
  },
  { reads: ["mcp_servers"], of: (config, { version }, { file }) => serverRules(config, version, profileOf(file)) },
];

/** Faults of configs that load: the setting does something else than its author wants. */
const PITFALLS: readonly Rule[] = [
  {
    reads: ["forced_login_method", "forced_chatgpt_workspace_id", LOGIN],
    of: (config, { login }) => loginPitfalls(config, login()),
  },
  { reads: ["model_providers", "openai_base_url", LOGIN], of: providerPitfalls },
  { reads: ["mcp_servers"], of: (config, { version }) => serverPitfalls(config, version) },
  { reads: ["mcp_servers"], of: serverVariables },
  { reads: ["model_providers"], of: baseUrlRules },
  { reads: "each", of: (config, { schema, version }) => featurePitfalls(config, schema, version) },
  { reads: "each", of: (config, { version }) => deprecatedFeatures(config, version) },
  { reads: "each", of: (config) => literalTraps(config) },
  {
    reads: ["sandbox_mode", "default_permissions", "sandbox_workspace_write"],
    of: (config, { version }) => sandboxTraps(config, version),
  },
];

/** All root keys to check when some have changed: those, and all that a rule reads together with one of them. */
export function rootsToCheck(changed: ReadonlySet<string>): ReadonlySet<string> {
  const together = [...MERGED, ...EFFECTIVE, ...FILE, ...STRICT, ...REPEATED, ...PITFALLS].flatMap(({ reads }) =>
    reads !== "each" && reads.some((key) => changed.has(key)) ? reads : [],
  );
  return new Set([...changed, ...together]);
}

export function mergedViolations(config: TomlTable, context: Checking): Violation[] {
  const { table } = legacyProfile(config, context);
  const effective = table === null ? config : { ...config, ...table };
  return [...violationsOf(MERGED, config, context), ...violationsOf(EFFECTIVE, effective, context)];
}

export function fileViolations({ document }: Layer, context: Checking): Violation[] {
  return violationsOf(FILE, document.data, context);
}

export function strictViolations({ document }: Layer, context: Checking): Violation[] {
  return violationsOf(STRICT, document.data, context);
}

export function repeatedViolations(layer: Layer, context: Checking): Violation[] {
  return violationsOf(REPEATED, layer.document.data, context, layer);
}

export function pitfalls(config: TomlTable, context: Checking): Violation[] {
  return violationsOf(PITFALLS, config, context);
}

function violationsOf<Extra extends readonly unknown[]>(
  rules: readonly Rule<Extra>[],
  config: TomlTable,
  context: Checking,
  ...extra: Extra
): Violation[] {
  const { roots } = context;
  return rules.flatMap(({ of, reads }) => {
    if (reads === "each") return of(only(config, roots), context, ...extra);
    const isMet = roots === undefined || reads.some((key) => roots.has(key));
    return isMet ? of(only(config, reads), context, ...extra) : [];
  });
}

/**
 * The library: every verb as a function of a home, `(home, wish) → Plan`, and what a program needs beside them: a home on
 * the real machine, a config as plain typed data, and a check of a text that is in no home. Prints nothing, asks nobody;
 * only `Home.commit` and `Home.recover` write to the home.
 */
import { type CheckResult, check as checkLayers } from "./check/check.ts";
import type { CodexConfig } from "./codex/config-type.ts";
import { NEWEST } from "./codex/facts.ts";
import { loadSchema } from "./codex/load-schema.ts";
import { namedVersion } from "./codex/release.ts";
import { type Home, type HomeOptions, openHome as openHomeOn } from "./home.ts";
import { realHost } from "./host/node/host.ts";
import type { TomlValue } from "./model/op.ts";
import { checkText, checkWish } from "./model/wish.ts";
import { type Document, parseDocument } from "./toml/document.ts";
import { isTable } from "./toml/value.ts";

export { applyPreset, type PresetWish } from "./actions/apply-preset.ts";
export { type AuthStore, type AuthStoreWish, authStore, setAuthStore } from "./actions/auth-store.ts";
export { type Bisect, type BisectWish, bisect } from "./actions/bisect.ts";
export { type CheckWish, check } from "./actions/check.ts";
export { type CodePage, type DescribeWish, describe, type Example, type ExampleFix } from "./actions/describe.ts";
export { type EditWish, edit } from "./actions/edit.ts";
export { type ExplainedValue, type Explanation, explain } from "./actions/explain.ts";
export { type FixPlan, type FixWish, fix, type OpenChoice } from "./actions/fix.ts";
export { type HomeHealth, health } from "./actions/health.ts";
export { type MigrateWish, type MigrationPlan, migrate } from "./actions/migrate/migrate.ts";
export type { Step as ProfileMove } from "./actions/migrate/migration.ts";
export { preflight } from "./actions/preflight.ts";
export { addProvider, listProviders, type ProviderWish, removeProvider } from "./actions/provider.ts";
export { type RestoreWish, restore } from "./actions/restore.ts";
export { type RevertOptions, type RevertWish, revert } from "./actions/revert.ts";
export { listServers, type NamedSource } from "./actions/servers.ts";
export { type SettingChange, type SettingsWish, setSettings } from "./actions/set-settings.ts";
export { type ActiveChange, type ConfigStatus, type HomeStatus, status } from "./actions/status.ts";
export { type IsolateWish, isolateServers, type ToggleWish, toggleServers } from "./actions/toggle-servers.ts";
export type { CheckResult } from "./check/check.ts";
export type { HomeResult as HomeCheckResult } from "./check/check-home.ts";
export { type Loss, losses } from "./check/losses.ts";
export type { CodexConfig } from "./codex/config-type.ts";
export type { Provider } from "./codex/provider-tables.ts";
export type { Codex } from "./codex/release.ts";
export type { Server } from "./codex/servers.ts";
export { type DiagnoseOptions, type Diagnosis, diagnose } from "./doctor/diagnose.ts";
export type { Evidence, Symptom } from "./doctor/evidence.ts";
export type { Finding, FindingCode, Fix, FixOption } from "./findings/finding.ts";
export { hintText } from "./findings/hints.ts";
export { sentence, textOf } from "./findings/messages.ts";
export type { Home, HomeOptions, PlanOptions } from "./home.ts";
export type { BisectState, Change, Entry, Label, Touch } from "./model/change.ts";
export { CfgError, type ErrorCode } from "./model/error.ts";
export type { Hint } from "./model/hint.ts";
export type { FileRole, KeyPath, Op, Splice, TomlTable, TomlValue } from "./model/op.ts";
export { diffOf, type FileDiff } from "./plan/diff.ts";
export type { History } from "./plan/history.ts";
export type { Plan, Purpose } from "./plan/plan.ts";
export type { Snapshot } from "./plan/snapshot.ts";
export type { Pending, Recovery } from "./store/store.ts";
export type { Document } from "./toml/document.ts";

/**
 * Opens a Codex home: `dir`, else `$CODEX_HOME`, else `~/.codex`. One that is not there yet is an empty one, which the
 * first commit creates. Its files are read when they are first asked for and again after a commit; open the home anew to
 * see what others have written. Throws `no-home` where it cannot be a folder, `io` when nobody may look. Writes nothing.
 */
export function openHome(options: HomeOptions = {}): Home {
  return openHomeOn(realHost(), options);
}

/** A config as plain data, and the document to ask for places and spellings. */
export type ParsedConfig = { readonly config: CodexConfig; readonly document: Document };

/**
 * Reads a config's text, whether Codex would load it or not: the types are those of a config that it loads. Integers
 * become numbers where a number holds them, bigint beyond; dates stay `Date` with TOML's spelling in `toISOString()`. Keys
 * are own properties, `__proto__` too. Throws `invalid-toml` with line and column; `name` is the file that the error names.
 */
export function parseConfig(text: string, name = "config.toml"): ParsedConfig {
  checkText("parseConfig", text);
  checkText("parseConfig: name", name);
  const document = parseDocument(text, name);
  return { config: plain(document.data) as CodexConfig, document };
}

/**
 * Everything that is wrong with a config's text for a release of Codex, the newest measured one unless named; files that
 * it names count as there, and nobody is logged in. Throws `usage` for what is no version, and `invalid-toml`.
 */
export async function checkConfig(
  text: string,
  options: { readonly codexVersion?: string | undefined } = {},
): Promise<CheckResult> {
  checkText("checkConfig", text);
  checkWish("checkConfig", options, { codexVersion: "text?" });
  const { codexVersion = NEWEST } = options;
  const document = parseDocument(text, "config.toml");
  return checkLayers([{ file: "config", document }], {
    version: namedVersion(codexVersion),
    schema: await loadSchema(),
    login: () => ({ mode: "none", apiKeyInEnvironment: false }),
    profile: null,
    fileText: () => "{}",
  });
}

function plain(value: TomlValue): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) : value;
}

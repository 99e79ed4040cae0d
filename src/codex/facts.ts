/**
 * What changed between releases of Codex, as data: each row holds from its version on. Measured on the released
 * binaries from 0.44.0 to 0.169.0; where a release in between was not measured, the first one seen with the new
 * behaviour is named.
 */

/** The newest release that the facts were measured on. */
export const NEWEST = "0.169.0";

/** Rows in ascending order; the last one whose version is not newer than the one asked for counts. */
export type Since<T> = readonly (readonly [since: string, value: T])[];

/**
 * Where a profile lives. `table`: `[profiles.x]` in config.toml. `file`: `x.config.toml`, and `--profile x` refuses to
 * start while config.toml still has `[profiles.x]` or `profile = "x"`; any top-level `profile` stops nearly every command.
 */
export type Layout = "table" | "file";

export const LAYOUT: Since<Layout> = [
  ["0.0.0", "table"],
  ["0.134.0", "file"],
];

/** Provider ids that exist without a table. */
export const BUILT_IN_PROVIDERS: Since<readonly string[]> = [
  ["0.0.0", ["openai", "oss"]],
  ["0.63.0", ["openai", "ollama", "lmstudio"]],
  ["0.87.0", ["openai", "ollama", "lmstudio", "ollama-chat"]],
  ["0.95.0", ["openai", "ollama", "lmstudio"]],
  ["0.123.0", ["openai", "ollama", "lmstudio", "amazon-bedrock"]],
  ["0.148.0", ["openai", "ollama", "lmstudio", "amazon-bedrock", "amazon-bedrock-runtime"]],
  ["0.165.0", ["openai", "ollama", "lmstudio", "amazon-bedrock", "amazon-bedrock-runtime", "gcp"]],
];

/** Built-in ids whose table is a load error (before 0.115 it loaded and did nothing). */
export const RESERVED_PROVIDERS: Since<readonly string[]> = [
  ["0.0.0", []],
  ["0.115.0", ["openai", "ollama", "lmstudio"]],
];

/** The built-in provider tries a WebSocket first, whatever is configured. */
export const WEBSOCKET_FIRST: Since<boolean> = [
  ["0.0.0", false],
  ["0.116.0", true],
];

/** `--profile x` in front of a subcommand counts; before, only behind it. */
export const PROFILE_BEFORE_SUBCOMMAND: Since<boolean> = [
  ["0.0.0", false],
  ["0.123.0", true],
];

/** A trusted project's `.codex/config.toml` is read at all, and may choose the model provider. */
export const PROJECT_CONFIG: Since<"none" | "with-provider" | "without-provider"> = [
  ["0.0.0", "none"],
  ["0.87.0", "with-provider"],
  ["0.129.0", "without-provider"],
];

/** Keys that name a file which must exist for the config to load; relative ones count from CODEX_HOME. */
export const FILE_KEYS: readonly string[] = [
  "model_instructions_file",
  "model_catalog_json",
  "experimental_compact_prompt_file",
];

/** The value that holds for a version. */
export function at<T>(facts: Since<T>, version: string): T {
  const row = facts.findLast(([since]) => compareVersions(since, version) <= 0) ?? facts[0];
  if (!row) throw new RangeError("a fact without rows");
  return row[1];
}

/** Negative, zero or positive as `a` is older than, as old as or newer than `b`; pre-release tags do not count. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `X.Y.Z` out of a text such as `codex-cli 0.169.0` or `0.170.0-alpha.2`; null when there is none. */
export function versionIn(text: string): string | null {
  return /\b(\d+\.\d+\.\d+)(?![\d.])/.exec(text)?.[1] ?? null;
}

function numbers(version: string): number[] {
  return version.split(/[.-]/, 3).map(Number);
}

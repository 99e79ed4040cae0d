/** Turns a text into the value of a setting, and refuses values that Codex would not take. Knows no file. */

import { isToBeAsked } from "../check/last-word.ts";
import { keysNear } from "../check/schema-violations.ts";
import { compareVersions, NEWEST } from "../codex/facts.ts";
import { loadSchema } from "../codex/load-schema.ts";
import { knownSchemaAt, type Mismatch, mismatches, type Schema } from "../codex/schema.ts";
import type { Home } from "../home.ts";
import { askAboutFile } from "../machine/preflight.ts";
import { CfgError, orNull } from "../model/error.ts";
import { argvOf, type Hint } from "../model/hint.ts";
import type { KeyPath, TomlValue } from "../model/op.ts";
import { parseDocument } from "../toml/document.ts";
import { faultOfValue, parseValue } from "../toml/key.ts";
import { renderKey } from "../toml/value.ts";
import type { Setting } from "./setting.ts";

/** Whether to go on with keys that this Codex does not know, and with values that it does not take. */
export type CheckOptions = { readonly allowUnknown: boolean; readonly force?: boolean };

/**
 * The value of a setting that a text stands for. Throws as {@link checkSettings} does, and `usage` for a text that is no
 * value.
 */
export async function valueFor(
  home: Home,
  { path, stored }: Setting,
  text: string,
  options: CheckOptions & { readonly string: boolean; readonly literal?: boolean },
): Promise<TomlValue> {
  const { version } = home.codex;
  const root = await loadSchema();
  // Checked under its stored path, because a profile's table takes fewer settings than the root.
  const schema = knownSchemaAt(root, stored, version);
  const takesText = schema !== null && mismatches(text, schema, version).length === 0;
  const parsed = options.string || (options.literal && takesText) ? text : parseValue(text);
  // A bare word is taken as a string, as `codex -c` does, and so is any text where the setting takes a string. What
  // begins as a value of another kind, or as one in quotes, was meant to be that.
  const fault = parsed === undefined ? faultOfValue(text) : null;
  const isString = fault === null && schema !== null && (/^[\w.-]+$/.test(text) || takesText);
  const value = parsed ?? (isString ? text : undefined);
  if (value === undefined) {
    if (schema === null && !options.allowUnknown) throw unknownKey(root, stored, version);
    const hints = ["if it is to be a string: the same command with --string"];
    // Without the text, which may be a secret.
    throw new CfgError("usage", `not a TOML value for ${renderKey(path)}: ${fault ?? "a text needs quotes here"}`, {
      hints,
    });
  }
  await checkSettings(home, [{ path: stored, value }], options, [
    { note: "what it is now", argv: argvOf("get", [renderKey(path)]) },
  ]);
  return value;
}

/**
 * Throws `invalid-config` for the first setting that this Codex does not know, or does not take, unless the options
 * allow it.
 */
export async function checkSettings(
  home: Home,
  settings: readonly { readonly path: KeyPath; readonly value: TomlValue }[],
  { allowUnknown, force = false }: CheckOptions,
  hints: readonly Hint[] = [],
): Promise<void> {
  const { version } = home.codex;
  const root = await loadSchema();
  for (const { path, value } of settings) {
    const schema = knownSchemaAt(root, path, version);
    if (schema === null && !allowUnknown && !(await clientTakes(home, path, value)))
      throw unknownKey(root, path, version);
    for (const wrong of schema === null ? [] : mismatches(value, schema, version, path)) {
      const isRefused =
        (wrong.kind === "unknown" && !allowUnknown) || ((wrong.kind === "type" || wrong.kind === "twice") && !force);
      if (!isRefused || (await clientTakes(home, path, value))) continue;
      if (wrong.kind === "unknown") throw unknownKey(root, wrong.path, version);
      throw notTaken(wrong, version, hints);
    }
  }
}

/** Whether the installed Codex, of a release that was not measured, takes a setting beside what is there, or alone. */
async function clientTakes(home: Home, path: KeyPath, value: TomlValue): Promise<boolean> {
  if (!isToBeAsked(home)) return false;
  for (const document of [home.snapshot.parsed("config"), parseDocument("", "")]) {
    const text = document && orNull(() => document.edit([{ op: "set", path, value }]).text);
    if (text === null) continue;
    const question = { codex: home.codex, home: home.dir, scratch: home.scratch };
    if ((await askAboutFile(home.host, question, text, true)).answer === "takes") return true;
  }
  return false;
}

type Refused = Extract<Mismatch, { kind: "type" | "twice" }>;

function notTaken(wrong: Refused, version: string, hints: readonly Hint[]): CfgError {
  const what =
    wrong.kind === "type"
      ? `takes ${wrong.expected}`
      : `cannot stand beside ${renderKey(wrong.other)}, which is the same setting`;
  return new CfgError("invalid-config", `${renderKey(wrong.path)} ${what} (Codex ${version})`, { hints });
}

function unknownKey(root: Schema, path: KeyPath, version: string): CfgError {
  let depth = 1;
  while (depth < path.length && knownSchemaAt(root, path.slice(0, depth), version) !== null) depth++;
  const above = path.slice(0, depth - 1);
  const table = knownSchemaAt(root, above, version);
  const noTable =
    table && mismatches({}, table, version, above).find((wrong): wrong is Refused => wrong.kind === "type");
  if (noTable) return notTaken(noTable, version, [{ note: "what it is now", argv: argvOf("get", [renderKey(above)]) }]);
  const near = keysNear(root, path.slice(0, depth), version).map((name) =>
    renderKey([...above, name, ...path.slice(depth)]),
  );
  const hints = [
    ...near.slice(0, 1).map((name) => `did you mean: ${name}`),
    ...(compareVersions(version, NEWEST) > 0 ? [`your Codex is newer than what is known here (${NEWEST})`] : []),
    "to set it all the same: the same command with --allow-unknown",
  ];
  return new CfgError("invalid-config", `${renderKey(path.slice(0, depth))} is no setting of Codex ${version}`, {
    hints,
  });
}

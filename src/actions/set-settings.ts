/** Reads settings, and sets them after a check that this Codex takes them. Knows nothing of how TOML is edited. */
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { projectsWithLastWord } from "../machine/projects.ts";
import { CfgError } from "../model/error.ts";
import { argvOf } from "../model/hint.ts";
import type { KeyPath, Op, TomlValue } from "../model/op.ts";
import { checkCall, checkWish, type Kinds } from "../model/wish.ts";
import type { Plan } from "../plan/plan.ts";
import { word } from "../text/shell-quote.ts";
import { parseValue } from "../toml/key.ts";
import { isTable, leavesOf, renderKey, sameValue, valueAt } from "../toml/value.ts";
import { type CheckOptions, checkSettings, valueFor } from "./check-settings.ts";
import { type Setting, settingOf } from "./setting.ts";

/**
 * One setting to change, by its dotted key. `value` is TOML text (`true`, `"text"`, `["a", "b"]`); a bare word is
 * taken as a string, and null removes the setting.
 */
export type SettingChange = {
  readonly key: string;
  readonly value: string | null;
  /** The value is one item, to be added to a list or taken out of it, and not the setting as a whole. */
  readonly item?: "add" | "remove" | undefined;
};

/** Settings to change together. */
export type SettingsWish = {
  readonly settings: readonly SettingChange[];
  /** In this profile only. */
  readonly profile?: string | undefined;
  /** Take every value as a string, whatever it looks like. */
  readonly string?: boolean | undefined;
  /** Take a value as it is, quotes and all, where the setting takes a string. */
  readonly literal?: boolean | undefined;
  /** Write settings that this Codex does not know. */
  readonly allowUnknown?: boolean | undefined;
  /** Write values that this Codex does not take. */
  readonly force?: boolean | undefined;
};

const WISH: Kinds<SettingsWish> = {
  settings: "list",
  profile: "text?",
  string: "flag?",
  literal: "flag?",
  allowUnknown: "flag?",
  force: "flag?",
};

/**
 * The plan that sets and removes these settings as one change. Throws `usage` for what is no key or no value, and
 * `invalid-config` for what this Codex does not know or take, unless the wish allows it.
 */
export async function setSettings(home: Home, wish: SettingsWish): Promise<Plan> {
  checkCall("setSettings", home, wish, WISH);
  const { allowUnknown = false, force = false, literal = false, profile, settings, string = false } = wish;
  for (const setting of settings)
    checkWish("setSettings", setting, { key: "text", value: "text or null", item: "text?" });
  const changes = await Promise.all(
    settings.map(async ({ item, key, value }) => {
      const setting = settingOf(home, key, profile);
      const options = { allowUnknown, force, literal, string };
      const op = await (item
        ? itemOp(home, setting, { item, text: value ?? "" }, options)
        : opFor(home, setting, value, options));
      return { setting, op };
    }),
  );
  const where = profile === undefined ? "" : ` -p ${profile}`;
  const words = changes.map(({ op, setting: { path } }) => `${op.op} ${word(renderKey(path))}`);
  const findings = changes.flatMap(({ setting: { path } }) => lastWordOn(home, path));
  return home.plan(
    {
      command: `${words.join(", ")}${where}`,
      mayBreak: force ? "any-start" : "no-start",
      mayLogOut: force,
      refusalHint: FORCE_HINT,
      findings,
    },
    changes.map(({ op }) => op),
  );
}

/** Projects around the working directory whose own config decides a setting, whatever the home says. */
export function lastWordOn({ codex, dir, host, snapshot }: Home, path: KeyPath): Finding[] {
  const config = snapshot.parsed("config");
  return config === null ? [] : projectsWithLastWord(host, dir, config, path, codex.version);
}

const FORCE_HINT = "nothing was written; to write it all the same, add --force --no-preflight";

async function opFor(
  home: Home,
  setting: Setting,
  text: string | null,
  options: Required<CheckOptions> & { readonly literal: boolean; readonly string: boolean },
): Promise<Extract<Op, { op: "set" | "unset" }>> {
  const { file, stored } = setting;
  if (text === null) return { op: "unset", file, path: stored };
  const value = await valueFor(home, setting, text, options);
  // What is typed is what is written, where it is TOML as it stands.
  const spelling = !options.string && parseValue(text) !== undefined ? { spelling: text } : {};
  return { op: "set", file, path: stored, value, ...spelling };
}

/** One item of a list, added at its end, or taken out; a table means each element that holds all of its keys. */
async function itemOp(
  home: Home,
  setting: Setting,
  { item, text }: { readonly item: "add" | "remove"; readonly text: string },
  options: Required<CheckOptions> & { readonly string: boolean },
): Promise<Extract<Op, { op: "set" | "unset" }>> {
  const { file, stored } = setting;
  const old = home.snapshot.document(file).get(stored) ?? [];
  if (!Array.isArray(old))
    throw new CfgError("usage", `${renderKey(setting.path)} is no list`, {
      hints: [{ note: "what it is", argv: argvOf("get", [renderKey(setting.path)]) }],
    });
  const value = (options.string ? undefined : parseValue(text)) ?? text;
  const isIt = (one: TomlValue) =>
    sameValue(one, value) ||
    (item === "remove" && isTable(value) && leavesOf(value).every(([key, held]) => sameValue(valueAt(one, key), held)));
  const at = old.findIndex(isIt);
  const rest = item === "add" ? (at < 0 ? [...old, value] : old) : old.filter((one: TomlValue) => !isIt(one));
  await checkSettings(home, [{ path: stored, value: rest }], options);
  if (item === "add" && isTable(value) && old.length > 0 && at < 0)
    return { op: "set", file, path: [...stored, old.length], value };
  if (item === "remove" && isTable(old[at]) && old.length === rest.length + 1)
    return { op: "unset", file, path: [...stored, at] };
  // A list that is not there is not made by taking something out of it.
  const isNone = item === "remove" && home.snapshot.document(file).get(stored) === undefined;
  return isNone ? { op: "unset", file, path: stored } : { op: "set", file, path: stored, value: rest };
}

/** Reads settings, and sets them after a check that this Codex takes them. Knows nothing of how TOML is edited. */
import type { Home } from "../home.ts";
import type { Op } from "../model/op.ts";
import { checkCall, checkWish, type Kinds } from "../model/wish.ts";
import type { Plan } from "../plan/plan.ts";
import { word } from "../text/shell-quote.ts";
import { renderKey } from "../toml/value.ts";
import { type CheckOptions, valueFor } from "./check-settings.ts";
import { type Setting, settingOf } from "./setting.ts";

/**
 * One setting to change, by its dotted key. `value` is TOML text (`true`, `"text"`, `["a", "b"]`); a bare word is
 * taken as a string, and null removes the setting.
 */
export type SettingChange = { readonly key: string; readonly value: string | null };

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
  for (const setting of settings) checkWish("setSettings", setting, { key: "text", value: "text or null" });
  const changes = await Promise.all(
    settings.map(async ({ key, value }) => {
      const setting = settingOf(home, key, profile);
      const options = { allowUnknown, force, literal, string };
      return { setting, op: await opFor(home, setting, value, options) };
    }),
  );
  const where = profile === undefined ? "" : ` -p ${profile}`;
  const words = changes.map(({ op, setting: { path } }) => `${op.op} ${word(renderKey(path))}`);
  const options = {
    command: `${words.join(", ")}${where}`,
    mayBreak: force ? "any-start" : "no-start",
    mayLogOut: force,
    refusalHint: FORCE_HINT,
  } as const;
  const plan = await home.plan(
    options,
    changes.map(({ op }) => op),
  );
  // The last key takes an empty profile along: nobody would know whether such a file was meant.
  const emptied = plan.changes.find(({ after, file }) => file !== "config" && after?.trim() === "");
  return emptied?.before ? home.plan(options, [{ op: "write", file: emptied.file, text: null }]) : plan;
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
  return { op: "set", file, path: stored, value: await valueFor(home, setting, text, options) };
}

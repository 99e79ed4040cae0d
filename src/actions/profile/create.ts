/** Makes a profile: empty, out of settings, or as a copy of another one. Knows both layouts by their place alone. */
import { forVersion } from "../../codex/facts.ts";
import type { Finding } from "../../findings/finding.ts";
import type { Home } from "../../home.ts";
import type { Op } from "../../model/op.ts";
import { checkCall, checkWish, type Kinds } from "../../model/wish.ts";
import type { Plan } from "../../plan/plan.ts";
import { word } from "../../text/shell-quote.ts";
import { valueFor } from "../check-settings.ts";
import { settingOf } from "../setting.ts";
import { checkFree, checkThere } from "./names.ts";

/** A profile to make. The settings come on top of what it has `from` another one. */
export type NewProfileWish = {
  readonly profile: string;
  readonly from?: string | undefined;
  readonly settings?: readonly { readonly key: string; readonly value: string }[] | undefined;
  /** Take every value as a string, whatever it looks like. */
  readonly string?: boolean | undefined;
  /** Write settings that this Codex does not know. */
  readonly allowUnknown?: boolean | undefined;
};

const WISH: Kinds<NewProfileWish> = {
  profile: "text",
  from: "text?",
  settings: "list?",
  string: "flag?",
  allowUnknown: "flag?",
};

/**
 * The plan that makes a profile. Throws `would-overwrite` where there is one of that name, `unknown-name` for `from`, and
 * what a setting is refused for.
 */
export async function newProfile(home: Home, wish: NewProfileWish): Promise<Plan> {
  checkCall("newProfile", home, wish, WISH);
  const { allowUnknown = false, from, profile, settings = [], string = false } = wish;
  for (const setting of settings) checkWish("newProfile", setting, { key: "text", value: "text" });
  checkFree(home, profile);
  if (from !== undefined) checkThere(home, from, "profile copy");
  const sets = await Promise.all(
    settings.map(async ({ key, value }): Promise<Op> => {
      const setting = settingOf(home, key, profile);
      const op = { op: "set", file: setting.file, path: setting.stored } as const;
      return { ...op, value: await valueFor(home, setting, value, { allowUnknown, string }) };
    }),
  );
  const command = from === undefined ? `profile new ${word(profile)}` : `profile copy ${word(from)} ${word(profile)}`;
  const behind = !forVersion("profileBeforeSubcommand", home.codex.version);
  const findings: Finding[] = [
    { code: "start-with-profile", severity: "info", args: { profile, behind } },
    { code: "apps-need-use", severity: "info", args: { profile } },
  ];
  return home.plan(
    { command, findings },
    from === undefined ? [empty(home, profile)] : [copy(home, from, profile)],
    sets,
  );
}

function empty({ codex: { layout }, snapshot }: Home, profile: string): Op {
  const { file, root } = layout.place(profile);
  if (root.length > 0) return { op: "set", file, path: root, value: {} };
  const { eol } = snapshot.document(file).source;
  return { op: "write", file, text: `# Laid over config.toml by: codex --profile ${profile}${eol}` };
}

function copy({ codex: { layout }, snapshot }: Home, from: string, profile: string): Op {
  const [old, place] = [layout.place(from), layout.place(profile)];
  if (place.root.length === 0) return { op: "write", file: place.file, text: snapshot.document(old.file).text };
  return { op: "move", file: old.file, path: old.root, to: { file: place.file, path: place.root }, copy: true };
}

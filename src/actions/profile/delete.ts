/** Takes a profile away, unless it is in force or chats need what only it brings. */
import type { Home } from "../../home.ts";
import { countChats } from "../../machine/chats.ts";
import { CfgError } from "../../model/error.ts";
import { argvOf } from "../../model/hint.ts";
import { checkCall } from "../../model/wish.ts";
import type { Plan } from "../../plan/plan.ts";
import { plural } from "../../text/plural.ts";
import { word } from "../../text/shell-quote.ts";
import { isTable } from "../../toml/value.ts";
import { inForce } from "./list.ts";
import { checkThere, ownSettings, placeName, profileNames } from "./names.ts";

/** `force` deletes it although something needs it. */
export type DeleteWish = { readonly profile: string; readonly force?: boolean | undefined };

/** The plan that deletes a profile. Throws `unknown-name`, and `conflict` while something needs it. */
export async function deleteProfile(home: Home, wish: DeleteWish): Promise<Plan> {
  checkCall("deleteProfile", home, wish, { profile: "text", force: "flag?" });
  const { force = false, profile } = wish;
  checkThere(home, profile, "profile delete");
  const isInForce = inForce(home) === profile;
  const needs = [...(isInForce ? ["every start: it is in use"] : []), ...chatsThatNeed(home, profile)];
  if (needs.length > 0 && !force) {
    throw new CfgError("conflict", `${profile} is needed by ${needs.join(", and by ")}`, {
      path: placeName(home, profile),
      hints: [
        ...(isInForce ? [{ note: "to start without it", argv: ["use", "--none"] }] : []),
        { note: "delete it all the same", argv: argvOf("profile delete", [profile], ["--force"]) },
      ],
    });
  }
  const { file, root } = home.codex.layout.place(profile);
  const options = { command: `profile delete ${word(profile)}`, mayBreak: force ? "any-start" : "no-start" } as const;
  return home.plan(options, [
    root.length === 0 ? { op: "write", file, text: null } : { op: "unset", file, path: root, comments: true },
  ]);
}

/** Chats of providers that no other file of the home defines: they could not be resumed any more. */
function chatsThatNeed(home: Home, profile: string): string[] {
  const providers = (name: string | null) => {
    const table = name === null ? home.snapshot.document("config").data : ownSettings(home, name);
    return isTable(table.model_providers) ? Object.keys(table.model_providers) : [];
  };
  const others = profileNames(home).filter((name) => name !== profile && parses(home, name));
  const elsewhere = new Set([null, ...others].flatMap(providers));
  return (parses(home, profile) ? providers(profile) : []).flatMap((id) => {
    const chats = elsewhere.has(id) ? 0 : countChats(home.host, home.dir, id);
    return chats === 0 ? [] : [`${plural(chats, "chat")} of its provider ${id}, which could not be resumed`];
  });
}

function parses({ codex, snapshot }: Home, name: string): boolean {
  return snapshot.parsed(codex.layout.place(name).file) !== null;
}

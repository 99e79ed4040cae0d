/** Gives a profile another name, and what refers to it. Knows both layouts by their place alone. */
import type { Home } from "../../home.ts";
import type { Op } from "../../model/op.ts";
import { checkCall } from "../../model/wish.ts";
import type { Plan } from "../../plan/plan.ts";
import { word } from "../../text/shell-quote.ts";
import { checkFree, checkThere } from "./names.ts";

/** A profile and its new name. */
export type RenameWish = { readonly profile: string; readonly name: string };

/** The plan that renames a profile. Throws `unknown-name`, and `would-overwrite` where the name is taken. */
export async function renameProfile(home: Home, wish: RenameWish): Promise<Plan> {
  checkCall("renameProfile", home, wish, { profile: "text", name: "text" });
  const { name, profile } = wish;
  checkThere(home, profile, "profile rename");
  checkFree(home, name);
  const { codex, snapshot } = home;
  const { layout } = codex;
  const [old, place] = [layout.place(profile), layout.place(name)];
  const isSelected = layout.selected(snapshot.document("config")) === profile;
  const selector: Op[] = isSelected ? [{ op: "set", file: "config", path: ["profile"], value: name }] : [];
  const move: Op[] =
    place.root.length > 0
      ? [{ op: "move", file: old.file, path: old.root, to: { file: place.file, path: place.root } }]
      : [
          { op: "write", file: place.file, text: snapshot.document(old.file).text },
          { op: "write", file: old.file, text: null },
        ];
  return home.plan(
    {
      command: `profile rename ${word(profile)} ${word(name)}`,
      renamed: { from: profile, to: name },
      findings: [{ code: "old-profile-name", severity: "info", args: { profile, name } }],
    },
    [...move, ...selector],
  );
}

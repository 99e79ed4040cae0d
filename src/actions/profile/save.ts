/** Takes into the profile in use what has changed in config.toml since it was laid there. */
import type { Finding } from "../../findings/finding.ts";
import type { Home } from "../../home.ts";
import { isRelated, type Laid } from "../../model/change.ts";
import { CfgError } from "../../model/error.ts";
import { argvOf } from "../../model/hint.ts";
import type { KeyPath, Op } from "../../model/op.ts";
import { checkCall } from "../../model/wish.ts";
import type { Plan } from "../../plan/plan.ts";
import { valueChanges } from "../../plan/value-changes.ts";
import { word } from "../../text/shell-quote.ts";
import { documentOf } from "../../toml/document.ts";
import { parseKeyPath } from "../../toml/key.ts";
import { isTable, renderKey, sameValue } from "../../toml/value.ts";
import { entryOfConfig, type InUse, inUse, laidValue, usesTakenBack } from "./in-use.ts";
import { checkThere } from "./names.ts";

/** The profile in use, and further keys of config.toml to take along. */
export type SaveWish = { readonly profile: string; readonly keys?: readonly string[] | undefined };

/**
 * The plan that writes into a profile what config.toml holds now in the keys that its use has laid; what was there before
 * still comes back when it is taken off. Throws `conflict` for a profile that is not in use.
 */
export async function saveProfile(home: Home, wish: SaveWish): Promise<Plan> {
  checkCall("saveProfile", home, wish, { profile: "text", keys: "texts?" });
  const { keys = [], profile } = wish;
  checkThere(home, profile, "profile save");
  const current = inUse(home);
  if (current?.profile !== profile) throw notInUse(profile, current);
  // In a table of config.toml the profile's settings are changed where they are.
  if (!home.codex.layout.ownFiles) return home.plan({ command: `profile save ${word(profile)}` }, []);
  const config = home.snapshot.document("config");
  const laid = laidValue(home, current, config);
  const more = keys.map(parseKeyPath).filter((path) => !current.use.laid.some((one) => isRelated(one.path, path)));
  const changed = current.use.laid.map(({ path }) => path).filter((path) => !sameValue(config.get(path), laid(path)));
  const { file } = home.codex.layout.place(profile);
  const ops = [...changed, ...more].flatMap((path): Op[] => {
    const value = config.get(path);
    const there = home.snapshot.document(file).get(path);
    if (value === undefined) return [{ op: "unset", file, path }];
    const isOther = there !== undefined && (isTable(value) || isTable(there)) && !sameValue(there, value);
    return [...(isOther ? [{ op: "unset", file, path } as const] : []), { op: "set", file, path, value }];
  });
  const also = alsoChanged(home, current).filter((path) => !more.some((one) => isRelated(one, path)));
  const findings: Finding[] =
    also.length === 0
      ? []
      : [{ code: "use-also-changed", severity: "info", args: { profile, keys: also.map(renderKey) } }];
  const command = ["profile save", ...[profile, ...keys].map(word)].join(" ");
  if (ops.length === 0) return home.plan({ command, findings });
  const origin = entryOfConfig(home, current).id;
  const from = (one: Laid): Laid => ({ path: one.path, from: one.from ?? origin });
  const use = { profile, laid: [...current.use.laid, ...more.map((path) => ({ path }))].map(from) };
  return home.plan({ command, use, reverts: usesTakenBack(home, current), findings }, ops);
}

/** Keys beside those that were laid which are not as the use left them; Codex's own notes of what it has done do not count. */
function alsoChanged(home: Home, current: InUse): KeyPath[] {
  const { history, snapshot } = home;
  const { use } = current;
  const left = documentOf(
    history.imagesLeft(entryOfConfig(home, current)).find(({ file }) => file === "config")?.after ?? "",
  );
  const now = snapshot.document("config");
  if (left === null || left.text === "") return [];
  return valueChanges(left.data, now.data)
    .map(({ path }) => path)
    .filter((path) => !NOTES.includes(String(path[0])) && !use.laid.some((one) => isRelated(one.path, path)));
}

const NOTES = ["projects", "notice", "tui", "hooks", "marketplaces", "plugins"];

function notInUse(profile: string, current: InUse | null): CfgError {
  const what = current === null ? "no profile is in use" : `${current.profile} is in use`;
  return new CfgError("conflict", `${what}, so nothing is known that ${profile} could take from config.toml`, {
    hints: [{ note: "change one of its settings", argv: argvOf("set", ["KEY", "VALUE"], ["-p", profile]) }],
  });
}

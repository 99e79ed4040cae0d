/**
 * What `provider` decides beside its tables: which files choose a provider, and whether one may be removed.
 */

import type { Context } from "../cli/context.ts";
import { type ProviderUser, usersOf } from "../codex/provider-tables.ts";
import type { Home } from "../home.ts";
import { countChats } from "../machine/chats.ts";
import { CfgError } from "../model/error.ts";
import { argvOf } from "../model/hint.ts";
import type { Plan } from "../plan/plan.ts";
import { nearestNames } from "../text/closest-match.ts";
import { renderKey } from "../toml/value.ts";

/** config.toml and the profiles' files, each of which may choose a provider. */
export function providerUsers({ profileFiles, snapshot }: Home): ProviderUser[] {
  const profiles = profileFiles.map((name) => ({
    name: `${name}.config.toml`,
    document: snapshot.document(`profile:${name}`),
  }));
  return [{ name: "config.toml", document: snapshot.document("config") }, ...profiles];
}

/** Throws `unknown-name` where there is no such table, `conflict` while something needs it, unless forced. */
export function planRemoval({ home, host }: Context, id: string, force: boolean): Plan {
  const own = Object.keys(home.snapshot.document("config").table(["model_providers"]) ?? {});
  if (!own.includes(id)) {
    const near = nearestNames(id, own)[0];
    const hint =
      near === undefined
        ? { note: "see them", argv: ["provider", "list"] }
        : { note: "did you mean", argv: argvOf("provider remove", [near]) };
    throw new CfgError("unknown-name", `config.toml has no provider ${id}`, { hints: [hint] });
  }
  const path = ["model_providers", id];
  const chats = countChats(host, home.dir, id);
  const inChats = chats > 0 ? [`${chats} chat${chats === 1 ? "" : "s"}, which could not be resumed`] : [];
  const needs = [...usersOf(id, providerUsers(home)), ...inChats];
  if (needs.length > 0 && !force) {
    throw new CfgError("conflict", `[${renderKey(path)}] is needed by ${needs.join(", ")}`, {
      path: "config.toml",
      hints: [{ note: "remove it all the same", argv: argvOf("provider remove", [id], ["--force"]) }],
    });
  }
  return home.plan([{ op: "unset", file: "config", path }]);
}

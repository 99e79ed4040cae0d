/** Model providers, listed, added and removed without breaking a start or a chat. Knows no rules about tables. */
import { forVersion } from "../codex/facts.ts";
import {
  listProviders as listIn,
  type Provider,
  type ProviderOptions,
  type ProviderUser,
  tableFor,
  upsertProviderTable,
  usersOf,
} from "../codex/provider-tables.ts";
import { guardProviderId, serviceAt } from "../codex/providers.ts";
import type { Home } from "../home.ts";
import { countChats, providersOfChats } from "../machine/chats.ts";
import { CfgError } from "../model/error.ts";
import { argvOf } from "../model/hint.ts";
import { checkCall, type Kinds } from "../model/wish.ts";
import type { Plan } from "../plan/plan.ts";
import { nearestNames } from "../text/closest-match.ts";
import { plural } from "../text/plural.ts";
import { word } from "../text/shell-quote.ts";
import { renderKey } from "../toml/value.ts";

/** A provider to add; `overwrite` replaces a different table of that id. */
export type ProviderWish = Partial<ProviderOptions> & { readonly id: string; readonly overwrite?: boolean | undefined };

const WISH: Kinds<ProviderWish> = {
  id: "text",
  overwrite: "flag?",
  baseUrl: "text?",
  envKey: "text?",
  name: "text?",
  wireApi: "text?",
  login: "flag?",
  websockets: "flag?",
};

/** Every provider that this home can choose, and who uses it: the release's own first. Throws `invalid-toml`. */
export function listProviders(home: Home): Provider[] {
  checkCall("listProviders", home, {}, {});
  return listIn(home.snapshot.document("config"), providerUsers(home), home.codex.version);
}

/** How many of the newest thousand chats need each provider that has a table in config.toml, most first. */
export function chatsByProvider({
  dir,
  host,
  snapshot,
}: Home): readonly { readonly id: string; readonly chats: number }[] {
  const tables = snapshot.parsed("config")?.table(["model_providers"]) ?? {};
  return [...providersOfChats(host, dir)]
    .filter(([id]) => Object.hasOwn(tables, id))
    .map(([id, chats]) => ({ id, chats }))
    .sort((a, b) => b.chats - a.chats);
}

/**
 * The plan that adds a provider's table to config.toml; no file is made to choose the provider. Throws
 * `reserved-provider`, `usage` for options that no table can have, `would-overwrite` where a different table of that id is
 * there.
 */
export async function addProvider(home: Home, wish: ProviderWish): Promise<Plan> {
  checkCall("addProvider", home, wish, WISH);
  const { id, overwrite = false, ...given } = wish;
  const { version } = home.codex;
  const options: ProviderOptions = { wireApi: "responses", login: false, websockets: false, ...given };
  guardProviderId(id, version, { note: "choose another id", argv: argvOf("provider add", [`${id}-custom`]) });
  refuseMixed(options, version);
  const { ops } = upsertProviderTable(home.snapshot.document("config"), id, tableFor(id, options), {
    replaces: () => overwrite,
    hints: [
      { note: "look at it", argv: argvOf("get", [renderKey(["model_providers", id])]) },
      "or replace it (the old table comes back with revert): the same command with --overwrite",
    ],
  });
  return home.plan({ command: `provider add ${word(id)}` }, ops);
}

/** The plan that takes a table out. Throws `unknown-name` where there is none, `conflict` while something needs it. */
export async function removeProvider(
  home: Home,
  wish: { readonly id: string; readonly force?: boolean | undefined },
): Promise<Plan> {
  checkCall("removeProvider", home, wish, { id: "text", force: "flag?" });
  const { force = false, id } = wish;
  const own = Object.keys(home.snapshot.document("config").table(["model_providers"]) ?? {});
  if (!own.includes(id)) throw unknownProvider(id, own, home.codex.version);
  const path = ["model_providers", id];
  const chats = countChats(home.host, home.dir, id);
  const inChats = chats > 0 ? [`${plural(chats, "chat")}, which could not be resumed`] : [];
  const needs = [...usersOf(id, providerUsers(home)), ...inChats];
  if (needs.length > 0 && !force) {
    throw new CfgError("conflict", `[${renderKey(path)}] is needed by ${needs.join(", ")}`, {
      path: "config.toml",
      hints: [{ note: "remove it all the same", argv: argvOf("provider remove", [id], ["--force"]) }],
    });
  }
  const options = { command: `provider remove ${word(id)}`, mayBreak: force ? "any-start" : "no-start" } as const;
  return home.plan(options, [{ op: "unset", file: "config", path }]);
}

/** config.toml and the profiles' files, each of which may choose a provider; those that cannot be read are left out. */
function providerUsers({ profileFiles, snapshot }: Home): ProviderUser[] {
  const profiles = profileFiles.flatMap((name): ProviderUser[] => {
    const document = snapshot.parsed(`profile:${name}`);
    return document === null ? [] : [{ name: `${name}.config.toml`, document }];
  });
  return [{ name: "config.toml", document: snapshot.document("config") }, ...profiles];
}

function refuseMixed({ baseUrl, envKey, login, wireApi }: ProviderOptions, version: string): void {
  if (baseUrl !== undefined && serviceAt(baseUrl) === null)
    throw new CfgError("usage", "--base-url is not an http or https address");
  if (envKey?.trim() === "")
    throw new CfgError("usage", "--env-key must not be empty", { hints: ["leave it out, or name a variable"] });
  if (envKey !== undefined && login)
    throw new CfgError("usage", "a key comes from --env-key or from --login, not from both");
  const apis = forVersion("wireApis", version);
  if (apis.includes(wireApi)) return;
  throw new CfgError("usage", `--wire-api takes ${apis.join(", ")} in Codex ${version}`, {
    hints: ["as in: --wire-api responses"],
  });
}

function unknownProvider(id: string, own: readonly string[], version: string): CfgError {
  const near = nearestNames(id, own)[0];
  const what = forVersion("builtInProviders", version).includes(id)
    ? `${id} is Codex's own and has no table in config.toml`
    : `config.toml has no provider ${id}`;
  const hint =
    near === undefined
      ? { note: "see them", argv: ["provider", "list"] }
      : { note: "did you mean", argv: argvOf("provider remove", [near]) };
  return new CfgError("unknown-name", what, { hints: [hint] });
}

/** Which providers the starts of a home choose, a plain one and each with a profile, and where their requests go. */
import { VARIABLE_NAME } from "../codex/environment.ts";
import { always, forVersion } from "../codex/facts.ts";
import { profileOf } from "../codex/file-role.ts";
import { hasKeyHeader, hasOwnToken, sendsLogin } from "../codex/provider-tables.ts";
import { hostOf } from "../codex/providers.ts";
import { proxyFor } from "../codex/proxies.ts";
import type { Home } from "../home.ts";
import { type Doorbell, localPlace } from "../machine/addresses.ts";
import type { Environment } from "../machine/environment.ts";
import type { ConfigFile } from "../machine/leftovers.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { isTable, renderValue } from "../toml/value.ts";
import { configIn } from "./config-files.ts";
import type { ProviderInUse } from "./evidence.ts";

/** The provider of a plain start, and of each profile that sets anything about providers. */
export function providersInUse(
  { codex }: Home,
  files: readonly ConfigFile[],
  { values }: Pick<Environment, "values">,
  isDead: Doorbell,
): Promise<ProviderInUse[]> {
  return Promise.all(
    startsOf(codex.layout.tables(configIn(files)), files).map(async ({ files: layers, id, profile }) => {
      const builtIn = forVersion("builtInProviders", codex.version).includes(id);
      const table = tableOf(id, layers);
      const websocket = builtIn ? id === "openai" : table.supports_websockets === true;
      const found = addressOf(id, builtIn, layers, codex.version);
      const proxy = proxyFor(values, found?.address ?? OPENAI);
      const place = found && proxy === null ? localPlace(found.address) : null;
      const host = found === null ? null : hostOf(found.address);
      return {
        id,
        profile,
        websocket: websocket && forVersion("websocketFirst", codex.version),
        builtIn,
        host: host === "?" ? null : host,
        setting: found && { file: found.file, path: found.path },
        local: place && { address: `${place.host}:${place.port}`, dead: await isDead(place) },
        proxy,
        key: typeof table.env_key === "string" && VARIABLE_NAME.test(table.env_key) ? table.env_key : null,
        hasToken: builtIn || hasOwnToken(table) || hasKeyHeader(table) || sendsLogin(table, codex.version),
        retries: RETRIES.flatMap((key) => (table[key] === undefined ? [] : [`${key} = ${renderValue(table[key])}`])),
      };
    }),
  );
}

/** Any of OpenAI's own addresses stands for where the login's requests go. */
const OPENAI = "https://api.openai.com/v1";

const RETRIES = ["request_max_retries", "stream_max_retries", "stream_idle_timeout_ms", "websocket_connect_timeout_ms"];

/** A start of Codex and the files that it reads, the one that wins first. */
type Start = { readonly id: string; readonly profile: string | null; readonly files: readonly ConfigFile[] };

function startsOf(legacy: TomlTable, files: readonly ConfigFile[]): Start[] {
  const config = files.find(({ file }) => file === "config");
  const below = config ? [config] : [];
  const plain = config ? (idIn(config) ?? "openai") : "openai";
  const starts = files.flatMap((one): Start[] => {
    if (one.file === "config") return [{ id: plain, profile: null, files: below }];
    const id = idIn(one) ?? (one.document.table(["model_providers", plain]) ? plain : null);
    return id === null ? [] : [{ id, profile: profileOf(one.file), files: [one, ...below] }];
  });
  const tables = Object.entries(legacy).flatMap(([profile, table]): Start[] => {
    const id = isTable(table) ? textOf(table.model_provider) : null;
    return id === null ? [] : [{ id, profile, files: below }];
  });
  return [...(config ? [] : [{ id: plain, profile: null, files: below }]), ...starts, ...tables];
}

/** The address that a setting gives a provider, and that setting. */
function addressOf(id: string, builtIn: boolean, layers: readonly ConfigFile[], version: string) {
  const [first] = layers;
  const local = always("localProviders")[id];
  if (builtIn && local !== undefined && first)
    return { file: first.file, path: ["model_provider"] as KeyPath, address: local };
  const path: KeyPath = builtIn ? ["openai_base_url"] : ["model_providers", id, "base_url"];
  if (builtIn && (id !== "openai" || !forVersion("openaiBaseUrl", version))) return null;
  const layer = layers.find(({ document }) => document.get(path) !== undefined);
  const address = textOf(layer?.document.get(path));
  return layer && address !== null ? { file: layer.file, path, address } : null;
}

/** A provider's table as the layers together have it. */
function tableOf(id: string, layers: readonly ConfigFile[]): TomlTable {
  const tables = layers.map(({ document }) => document.table(["model_providers", id]) ?? {});
  return Object.assign({}, ...tables.reverse());
}

function idIn({ document }: ConfigFile): string | null {
  return textOf(document.get(["model_provider"]));
}

function textOf(value: TomlValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

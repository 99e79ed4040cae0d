/** Which providers the starts of a home choose: a plain one, and each with a profile. */
import { forVersion } from "../codex/facts.ts";
import { profileOf } from "../codex/file-role.ts";
import type { Home } from "../home.ts";
import type { ConfigFile } from "../machine/leftovers.ts";
import type { TomlValue } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { isTable } from "../toml/value.ts";
import { configIn } from "./config-files.ts";
import type { ProviderInUse } from "./evidence.ts";

/** The provider of a plain start, and of each profile that sets anything about providers. */
export function providersInUse({ codex }: Home, files: readonly ConfigFile[]): ProviderInUse[] {
  const config = configIn(files);
  const idIn = (document: Document) => textOf(document.get(["model_provider"]));
  const plain = idIn(config) ?? "openai";
  const starts = files.flatMap(({ document, file }): Start[] => {
    if (file === "config") return [{ id: plain, profile: null, layers: [config] }];
    const id = idIn(document) ?? (document.table(["model_providers", plain]) ? plain : null);
    return id === null ? [] : [{ id, profile: profileOf(file), layers: [document, config] }];
  });
  const legacy = Object.entries(codex.layout.tables(config)).flatMap(([profile, table]): Start[] => {
    const id = isTable(table) ? textOf(table.model_provider) : null;
    return id === null ? [] : [{ id, profile, layers: [config] }];
  });
  return [...starts, ...legacy].map(({ id, layers, profile }): ProviderInUse => {
    const builtIn = forVersion("builtInProviders", codex.version).includes(id);
    const value = (key: string) =>
      layers.map((document) => document.get(["model_providers", id, key])).find((one) => one !== undefined);
    const websocket = builtIn ? id === "openai" : value("supports_websockets") === true;
    return { id, profile, websocket: websocket && forVersion("websocketFirst", codex.version) };
  });
}

/** A start of Codex and the files that it reads, the one that wins first. */
type Start = { readonly id: string; readonly profile: string | null; readonly layers: readonly Document[] };

function textOf(value: TomlValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/**
 * The files that can set a setting, lowest first: system < user < profile < trusted projects < managed (measured
 * with 0.117.0, 0.134.0 and 0.169.0 on Linux); up to 0.133.0 the profile's table beats them all. What is given on Codex's
 * own command line ranks between the projects and the managed file, and is not known here.
 */
import { join } from "node:path";
import { forVersion } from "../codex/facts.ts";
import type { Codex } from "../codex/release.ts";
import type { Host } from "../host/host.ts";
import type { KeyPath, TomlValue } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { administrators, SYSTEM, trustedProjects } from "./projects.ts";

export type LayerKind = "system" | "user" | "profile" | "project" | "managed";

export type ConfigLayer = {
  readonly kind: LayerKind;
  /** As the user would name it. */
  readonly path: string;
  readonly document: Document;
  /** Where the layer's settings stand in the document: a profile of older releases is a table of config.toml. */
  readonly root: KeyPath;
  /** Root keys that Codex ignores in this layer. */
  readonly ignores: readonly string[];
};

/** The value that one layer gives a setting. */
export type LayerValue = {
  readonly layer: ConfigLayer;
  readonly value: TomlValue;
  readonly line: number;
  /** False where Codex ignores the key in this layer. */
  readonly applies: boolean;
};

type Place = { readonly host: Host; readonly home: string; readonly codex: Codex };

/** The layers that are there. `profile` is the one Codex is started with, with its document where it has a file. */
export function configLayers(
  { codex, home, host }: Place,
  config: Document,
  profile: { readonly name: string; readonly document: Document | null } | null,
): ConfigLayer[] {
  const layers: ConfigLayer[] = [];
  const add = (kind: LayerKind, path: string, document: Document | null, more: Partial<ConfigLayer> = {}) => {
    if (document) layers.push({ kind, path, document, root: [], ignores: [], ...more });
  };
  const file = codex.layout.topmost ? null : profile;
  add("system", join(SYSTEM, "config.toml"), administrators(host, "config.toml"));
  add("user", join(home, "config.toml"), config);
  if (file) add("profile", join(home, `${file.name}.config.toml`), file.document);
  const own = file?.document ? [config, file.document] : [config];
  for (const { document, path } of trustedProjects(host, home, own, codex.version).reverse())
    add("project", path, document, { ignores: forVersion("projectIgnores", codex.version) });
  add("managed", join(SYSTEM, "managed_config.toml"), administrators(host, "managed_config.toml"));
  return codex.layout.topmost ? [...layers, ...profileTables(layers, profile?.name)] : layers;
}

/** The tables of the profile named, else of the one that the files select, in older releases: any layer may have one. */
function profileTables(files: readonly ConfigLayer[], named: string | undefined): ConfigLayer[] {
  const name = named ?? valuesAt(["profile"], files).findLast(({ applies }) => applies)?.value;
  if (typeof name !== "string") return [];
  const able = files.filter(({ ignores }) => !ignores.includes("profiles"));
  return able.map((layer) => ({ ...layer, kind: "profile", root: ["profiles", name] }));
}

/** The values that the layers give a setting, lowest first. */
export function valuesAt(path: KeyPath, layers: readonly ConfigLayer[]): LayerValue[] {
  return layers.flatMap((layer): LayerValue[] => {
    const full = [...layer.root, ...path];
    const value = layer.document.get(full);
    if (value === undefined) return [];
    const { line } = layer.document.position(layer.document.range(full)?.start ?? 0);
    return [{ layer, value, line, applies: !layer.ignores.includes(String(path[0])) }];
  });
}

/** Which file decides a setting: every layer that sets it, lowest first. Changes nothing. */
import { checkProfileName, profileRole } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { type ConfigLayer, configLayers, valuesAt } from "../machine/layers.ts";
import { limitsOf } from "../machine/policies.ts";
import type { KeyPath } from "../model/op.ts";
import { checkCall } from "../model/wish.ts";
import { shownKey, shownLine } from "../redact/shown.ts";
import { parseKeyPath } from "../toml/key.ts";
import { isTable } from "../toml/value.ts";
import { elementsOf } from "./setting.ts";

/** The value that one layer gives a setting. */
export type ExplainedValue = {
  readonly layer: ConfigLayer["kind"];
  /** The layer's file. */
  readonly path: string;
  /** The line of the value, from 1. */
  readonly line: number;
  /** As TOML, secrets redacted. */
  readonly value: string;
  /** False where Codex ignores the key in this layer. */
  readonly heeded: boolean;
  readonly wins: boolean;
};

/** How the value of a setting comes about. */
export type Explanation = {
  readonly key: string;
  /** Lowest first. */
  readonly layers: readonly ExplainedValue[];
  /** In no file, from the last layer, merged from several, or replaced as a whole by `over`. */
  readonly origin: "default" | "last" | "merged" | "replaced";
  /** The layer that replaces the table around the setting with another value, so that none of `layers` counts. */
  readonly over: { readonly path: string; readonly kind: ConfigLayer["kind"] } | null;
  /** What decides beside the layers: a policy of the administrator, or another setting that wins. */
  readonly beside: readonly Finding[];
};

/**
 * Which file decides a setting when Codex is started here, with `profile` when one is named. Throws `usage` for
 * what is no dotted key or no profile name. `reveals`: values are not redacted.
 */
export function explain(
  home: Home,
  wish: { readonly key: string; readonly profile?: string | undefined },
  reveals = false,
): Explanation {
  checkCall("explain", home, wish, { key: "text", profile: "text?" });
  const { key, profile } = wish;
  const path = parseKeyPath(key);
  if (profile !== undefined) checkProfileName(profile);
  const { codex, dir, host, snapshot } = home;
  const chosen = profile === undefined ? null : { name: profile, document: snapshot.document(profileRole(profile)) };
  const layers = configLayers({ host, home: dir, codex }, snapshot.document("config"), chosen);
  const found = layers.flatMap((layer) => {
    const stored = elementsOf(layer.document, path, layer.root);
    return valuesAt(stored.slice(layer.root.length), [layer]).map((value) => ({ ...value, stored }));
  });
  const last = found.findLast(({ applies }) => applies);
  const over = last && layers.slice(layers.indexOf(last.layer) + 1).findLast((layer) => replaces(layer, path));
  const rows = found.map((one) => ({
    layer: one.layer.kind,
    path: one.layer.path,
    line: lineOf(one.layer, one.stored),
    value: shownLine(one.layer.document, one.stored, reveals),
    heeded: one.applies,
    wins: !over && (one === last || (one.applies && isTable(one.value) && isTable(last?.value))),
  }));
  const origin = !last ? "default" : over ? "replaced" : isTable(last.value) ? "merged" : "last";
  return {
    key: shownKey(path),
    layers: rows,
    origin,
    over: over ? { path: over.path, kind: over.kind } : null,
    beside: besides(home, path, layers),
  };
}

const LOSES = { key: "sandbox_mode", by: "default_permissions" };

/** What has a say that is no layer of the config. */
function besides({ host }: Home, [root]: KeyPath, layers: readonly ConfigLayer[]): Finding[] {
  const last = (key: string) => valuesAt([key], layers).findLast(({ applies }) => applies)?.value;
  const value = last(String(root));
  const limits = limitsOf(host).filter(({ key }) => key === root);
  const loses = root === "sandbox_mode" && value !== undefined && last("default_permissions") !== undefined;
  return [
    ...limits.map(
      ({ allowed, file, key }): Finding =>
        typeof value === "string" && !allowed.includes(value)
          ? { code: "policy-refuses", severity: "warning", args: { key, value: value.slice(0, 40), allowed, file } }
          : { code: "policy-file", severity: "info", args: { file, keys: [key] } },
    ),
    ...(loses ? [{ code: "beaten-setting", severity: "warning", args: LOSES } satisfies Finding] : []),
  ];
}

/** Whether a layer sets a table above the setting to another value: only tables merge, so earlier layers are lost. */
function replaces({ document, ignores, root }: ConfigLayer, path: readonly string[]): boolean {
  return path.some((name, depth) => {
    const above = depth === 0 ? undefined : document.get([...root, ...path.slice(0, depth)]);
    return above !== undefined && !isTable(above) && !ignores.includes(path[0] ?? name);
  });
}

/** The line of a value; an element of a plain list has no key of its own, so it gets that of the list. */
function lineOf({ document }: ConfigLayer, stored: KeyPath): number {
  let depth = stored.length;
  while (depth > 1 && !document.range(stored.slice(0, depth))) depth--;
  return document.position(document.range(stored.slice(0, depth))?.start ?? 0).line;
}

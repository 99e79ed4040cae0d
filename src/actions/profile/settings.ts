/**
 * What a start of Codex in this folder gets: every setting of every layer, and which of them has the last word. Changes
 * nothing; values are shown with secrets masked.
 */
import { join } from "node:path";
import type { Home } from "../../home.ts";
import { envFile } from "../../machine/env-file.ts";
import { type ConfigLayer, configLayers, type LayerKind } from "../../machine/layers.ts";
import { administrators, SYSTEM } from "../../machine/projects.ts";
import type { KeyPath } from "../../model/op.ts";
import { checkCall } from "../../model/wish.ts";
import { shownKey, shownLine } from "../../redact/shown.ts";
import type { Document } from "../../toml/document.ts";
import { isTable, leavesOf } from "../../toml/value.ts";
import { checkThere } from "./names.ts";

/** One setting as one layer has it. */
export type SettingRow = {
  readonly key: string;
  /** As TOML, secrets masked; of a variable only the mask. */
  readonly value: string;
  /** `requirements` says what is allowed, `env` are variables of the home's `.env`. */
  readonly layer: LayerKind | "requirements" | "env";
  readonly path: string;
  readonly line: number;
  /** False where Codex ignores the key in this layer. */
  readonly heeded: boolean;
  readonly wins: boolean;
};

/** A profile, or the plain start without one; `own` leaves out what does not come from the profile. */
export type ShowWish = { readonly profile?: string | undefined; readonly own?: boolean | undefined };

/** Every layer's settings, those of one key together, the lowest layer first. Throws `unknown-name`. */
export function showSettings(home: Home, wish: ShowWish = {}): SettingRow[] {
  checkCall("showSettings", home, wish, { profile: "text?", own: "flag?" });
  const { own = false, profile } = wish;
  if (profile !== undefined) checkThere(home, profile, "profile show");
  const { codex, dir, host, snapshot } = home;
  const file = profile === undefined ? null : codex.layout.fileOf(profile);
  const chosen =
    profile === undefined ? null : { name: profile, document: file === null ? null : snapshot.document(file) };
  const layers = configLayers({ host, home: dir, codex }, snapshot.document("config"), chosen);
  const rows = layers.flatMap((layer, at) => rowsOf(layer, layers.slice(at + 1)));
  const shown = own ? rows.filter(({ layer }) => layer === "profile") : rows;
  const keys = [...new Set(shown.map(({ key }) => key))];
  const sorted = keys.flatMap((key) => shown.filter((row) => row.key === key));
  return own ? sorted : [...sorted, ...requirements(home), ...variables(home)];
}

function rowsOf(layer: ConfigLayer, later: readonly ConfigLayer[]): SettingRow[] {
  const { document, ignores, kind, path, root } = layer;
  const leaves = leavesOf(document.table(root) ?? {}).filter(([name]) => name[0] !== "profiles");
  return leaves.flatMap(([name]): SettingRow[] => {
    if (name.length === 0) return [];
    const heeded = !ignores.includes(String(name[0]));
    const wins = heeded && !later.some((above) => overrides(above, name));
    return [{ ...rowAt(document, name, root), layer: kind, path, heeded, wins }];
  });
}

/** Whether a higher layer gives the setting, or a table around it, another value. */
function overrides({ document, ignores, root }: ConfigLayer, name: readonly string[]): boolean {
  if (ignores.includes(String(name[0]))) return false;
  return name.some((_, depth) => {
    const value = document.get([...root, ...name.slice(0, depth + 1)]);
    return value !== undefined && (depth === name.length - 1 || !isTable(value));
  });
}

function rowAt(document: Document, name: readonly string[], root: KeyPath) {
  const full = [...root, ...name];
  const { line } = document.position(document.range(full)?.start ?? 0);
  return { key: shownKey(name), value: shownLine(document, full), line };
}

/** What the administrator allows; Codex replaces what is not allowed and says so. */
function requirements({ host }: Home): SettingRow[] {
  const document = administrators(host, "requirements.toml");
  return leavesOf(document?.data ?? {}).flatMap(([name]): SettingRow[] =>
    document === null || name.length === 0
      ? []
      : [
          {
            ...rowAt(document, name, []),
            layer: "requirements",
            path: join(SYSTEM, "requirements.toml"),
            heeded: true,
            wins: true,
          },
        ],
  );
}

/** Of variables the names alone: most of them are keys. */
function variables({ dir, host }: Home): SettingRow[] {
  const { path, variables } = envFile(host, dir);
  return variables.map(({ heeded, line, name }) => ({
    ...{ key: name, value: "set", layer: "env", path, line, heeded },
    wins: heeded && !variables.some((later) => later.name === name && later.line > line),
  }));
}

/** Judges names and key paths by the rules. Names that people chose, as a server's or a folder's, are never judged. */
import type { KeyPath } from "../model/op.ts";
import { HARMLESS, NAMED, NAMES, type Place, TABLES, VARIABLE, VARIABLE_NAMES } from "./rules.ts";

/** Whether a name tells that its value, spelled so, is a secret. */
export function isSecretName(name: string, place: Place, spelling = ""): boolean {
  const words = inWords(name);
  const tells = NAMES.some((rule) => (rule.places?.includes(place) ?? true) && rule.name.test(words));
  return tells && !isHarmless(name, spelling, place);
}

/** Whether the value at a path must not be shown: it stands in a table of secrets, or the nearest name that tells says so. */
export function isSecretPath(path: KeyPath, spelling = ""): boolean {
  if (!path.some((part) => typeof part === "string" && MAY_TELL.test(inWords(part)))) return false;
  const keys = judgedKeys(path);
  const last = keys.length - 1;
  // What stands in place of such a table may be the secret itself where Codex starts programs or asks services.
  const mayBeTable = path[0] === "mcp_servers" || path[0] === "model_providers" ? last : last - 1;
  for (let i = 0; i <= mayBeTable; i++) {
    if (VARIABLE_NAMES.includes(keys[i] ?? "")) return !VARIABLE.test(spelling);
    if (tableAt(keys, i) === "secrets") return true;
  }
  for (let i = last; i >= 0; i--) {
    const key = keys[i] ?? "";
    // What stands in the place of a table of settings is none of them.
    const isSettings = i < last && tableAt(keys, i) === "settings";
    if (isSettings || isHarmless(key, spelling, "key")) return false;
    if (isSecretName(key, "key", spelling)) return !isHarmless(keys[last] ?? "", spelling, "key");
  }
  return false;
}

/** `exaApiKey` says what `exa_Api_Key` does. */
function inWords(name: string): string {
  return name.replace(/([a-z\d])(?=[A-Z])/g, "$1_");
}

/** Names that are worth a closer look: most are not. */
const MAY_TELL = new RegExp(
  [...NAMES.map(({ name }) => name), ...TABLES.map(({ path }) => path.at(-1)), ...VARIABLE_NAMES]
    .map((one) => (one instanceof RegExp ? one.source : one))
    .join("|"),
  "i",
);

/** The keys of a path without places in lists; null stands for a name that somebody chose. */
function judgedKeys(path: KeyPath): readonly (string | null)[] {
  const keys: (string | null)[] = [];
  let above = "";
  for (const part of path) {
    if (typeof part === "number") continue;
    const isName = NAMED.has(above);
    keys.push(isName ? null : part);
    // A profile holds what the file itself may hold.
    if (isName && above === "profiles") above = "";
    else above = `${above}${above === "" ? "" : "."}${isName ? "*" : part}`;
  }
  return keys;
}

function tableAt(keys: readonly (string | null)[], at: number): "secrets" | "settings" | null {
  const rule = TABLES.find(({ path }) => path.every((part, i) => isAt(part, keys[at + 1 - path.length + i])));
  return rule?.holds ?? null;
}

function isAt(part: string | RegExp, key: string | null | undefined): boolean {
  if (key === null || key === undefined) return key === null && part === "*";
  return typeof part === "string" ? part === key : part.test(key);
}

function isHarmless(name: string, spelling: string, place: Place): boolean {
  return HARMLESS.some(
    (rule) =>
      (rule.places?.includes(place) ?? true) && (rule.name?.test(name) ?? true) && (rule.value?.test(spelling) ?? true),
  );
}

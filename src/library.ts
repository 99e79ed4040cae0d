/**
 * What a program needs that the command line does not: a home opened on the real machine, a config as plain typed data,
 * and a judgement of a text that is in no home.
 */
import type { CodexConfig } from "./codex/config-type.ts";
import { namedVersion } from "./codex/detect.ts";
import { NEWEST } from "./codex/facts.ts";
import { loadShape } from "./codex/load-shape.ts";
import { type Home, type HomeOptions, openHome as openHomeOn } from "./home.ts";
import type { Host } from "./host.ts";
import type { TomlValue } from "./op.ts";
import { check, type Judgement } from "./plan/check.ts";
import { realHost } from "./real-host.ts";
import { type Document, parseDocument } from "./toml/document.ts";
import { isTable } from "./toml/value.ts";

/**
 * Opens a Codex home: `dir`, else `$CODEX_HOME`, else `~/.codex`; one that is not there yet is an empty one. Throws
 * `no-home` when something else is there, or no folder to create it in; writes nothing. `host` is for tests.
 */
export function openHome({ host = realHost(), ...options }: HomeOptions & { readonly host?: Host } = {}): Home {
  return openHomeOn(host, options);
}

/** A config as plain data, and the document to ask for places and spellings. */
export type ParsedConfig = { readonly config: CodexConfig; readonly document: Document };

/**
 * Reads a config's text. Integers become numbers where a number holds them, bigint beyond; dates stay `Date` with TOML's
 * spelling in `toISOString()`. Keys are own properties, `__proto__` too. Throws `invalid-toml` with line and column.
 */
export function parseConfig(text: string, name = "config.toml"): ParsedConfig {
  const document = parseDocument(text, name);
  return { config: plain(document.data) as CodexConfig, document };
}

/**
 * Everything that is wrong with a config's text for a release of Codex; files that it names count as there. Throws
 * `usage` for what is no version, and `invalid-toml`.
 */
export async function checkConfig(text: string, { codexVersion = NEWEST } = {}): Promise<Judgement> {
  const document = parseDocument(text, "config.toml");
  return check([{ file: "config", document }], {
    version: namedVersion(codexVersion),
    shape: await loadShape(),
    login: { mode: "none", apiKeyInEnvironment: false },
    profile: null,
    fileText: () => "{}",
  });
}

function plain(value: TomlValue): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) : value;
}

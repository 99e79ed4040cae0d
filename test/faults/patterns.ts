/** Every pattern of the program: those written in its source, those that it builds as it is loaded, those among its facts. */
import { readdirSync, readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { parseAst } from "vitest/node";

export type Pattern = { readonly where: string; readonly pattern: RegExp };

const SRC = new URL("../../src/", import.meta.url);
const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

/** Those that stand in the source as literals. */
export function written(): Pattern[] {
  return FILES.flatMap((where) => {
    const { code } = transformSync(readFileSync(new URL(where, SRC), "utf8"), { loader: "ts", target: "esnext" });
    return literalsIn(parseAst(code)).map((pattern) => ({ where, pattern }));
  });
}

function literalsIn(node: unknown): RegExp[] {
  if (Array.isArray(node)) return node.flatMap(literalsIn);
  if (typeof node !== "object" || node === null) return [];
  if ("regex" in node && node.regex) {
    const { flags, pattern } = node.regex as { readonly flags: string; readonly pattern: string };
    return [new RegExp(pattern, flags)];
  }
  return Object.values(node).flatMap(literalsIn);
}

/** Those that modules build as they are loaded. */
export async function built(): Promise<Pattern[]> {
  const found: Pattern[] = [];
  const Real = globalThis.RegExp;
  let where = "";
  globalThis.RegExp = new Proxy(Real, {
    construct(target, args: [string, string?]) {
      const pattern = new target(...args);
      if (!new Error().stack?.includes("/node_modules/")) found.push({ where, pattern });
      return pattern;
    },
  });
  try {
    for (where of FILES.filter((name) => !/^(?:bin|host\/node\/)/.test(name)))
      await import(new URL(where, SRC).href).catch(() => {});
  } finally {
    globalThis.RegExp = Real;
  }
  return found;
}

/** Those among the facts about Codex. */
export function known(): Pattern[] {
  const facts: unknown = JSON.parse(readFileSync(new URL("codex/facts.json", SRC), "utf8"));
  return textsIn(facts)
    .filter((text) => /^\^|\$$|\\[.bdsw]|\[\^|\(\?/.test(text))
    .flatMap((text) => {
      try {
        return [{ where: "codex/facts.json", pattern: new RegExp(text, "g") }];
      } catch {
        return [];
      }
    });
}

function textsIn(node: unknown): string[] {
  if (typeof node === "string") return [node];
  return typeof node === "object" && node !== null ? Object.values(node).flatMap(textsIn) : [];
}

/** Other parsers of TOML, and their values in one form that all share. */
import { parse as parseByIarna } from "@iarna/toml";
import { parse as parseByNode } from "toml";
import { type AST, parseTOML } from "toml-eslint-parser";

/** What a parser makes of a text: null when it refuses. */
export type Verdict = { readonly value: string } | null;

export type Oracle = { readonly name: string; readonly judge: (text: string) => Verdict };

export const ORACLES: readonly Oracle[] = [
  { name: "toml", judge: (text) => verdict(() => parseByNode(text, { bigint: true })) },
  // Its own values are never asked for: on the way to them it writes to Object.prototype.
  {
    name: "toml-eslint-parser",
    judge: (text) => verdict(() => valueFromTree(parseTOML(text, { tomlVersion: "1.1" }))),
  },
  { name: "@iarna/toml", judge: (text) => verdict(() => parseByIarna(text)) },
];

/** A value as text: keys in order, numbers by size, dates as no more than dates, since each parser has its own kind; line ends as `\n`. */
export function shared(value: unknown): string {
  if (value instanceof Date) return "date";
  if (typeof value === "string")
    return /^(\d{4}-\d\d-\d\d|\d\d:\d\d)/.test(value) ? "date" : JSON.stringify(value.replaceAll("\r\n", "\n"));
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number")
    return Object.is(value, -0) ? "0" : Number.isInteger(value) ? String(BigInt(value)) : String(value);
  if (Array.isArray(value)) return `[${value.map(shared).join()}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const names = Object.getOwnPropertyNames(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${shared((value as Record<string, unknown>)[name])}`).join()}}`;
}

function verdict(parse: () => unknown): Verdict {
  try {
    return { value: shared(parse()) };
  } catch {
    return null;
  }
}

type Table = { [name: string]: unknown };
const table = (): Table => Object.create(null) as Table;

function valueFromTree({ body: [top] }: AST.TOMLProgram): Table {
  const root = table();
  for (const node of top.body) {
    if (node.type === "TOMLKeyValue") put(root, node);
    else {
      const at = descend(root, node.resolvedKey);
      for (const pair of node.body) put(at, pair);
    }
  }
  return root;
}

function put(into: Table, { key, value }: AST.TOMLKeyValue): void {
  const names = key.keys.map((one) => (one.type === "TOMLBare" ? one.name : one.value));
  descend(into, names.slice(0, -1))[names.at(-1) ?? ""] = contentOf(value);
}

function descend(from: Table, path: readonly (string | number)[]): Table {
  let here: Table | unknown[] = from;
  path.forEach((part, i) => {
    const inside = here as Table;
    inside[part] ??= typeof path[i + 1] === "number" ? [] : table();
    here = inside[part] as Table;
  });
  return here as Table;
}

function contentOf(node: AST.TOMLContentNode): unknown {
  if (node.type === "TOMLArray") return node.elements.map(contentOf);
  if (node.type === "TOMLValue") return node.kind === "integer" ? node.bigint : node.value;
  const inline = table();
  for (const pair of node.body) put(inline, pair);
  return inline;
}

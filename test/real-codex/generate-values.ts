/** Values for a place in the config, right and wrong ones, and the TOML text that puts one there. */
import { fieldIn, type Schema } from "../../src/codex/schema.ts";
import type { Dice } from "./generate-dice.ts";

export type Path = readonly (string | number)[];
export type Value = string | number | bigint | boolean | Raw | readonly Value[] | { readonly [key: string]: Value };

/** A spelling taken as it is. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const WRONG: readonly Value[] = [
  true,
  0n,
  1n,
  -1n,
  70_000n,
  5_000_000_000n,
  new Raw("9223372036854775807"),
  new Raw("-9223372036854775808"),
  1.5,
  -0.5,
  new Raw("inf"),
  new Raw("nan"),
  "",
  "x",
  "true",
  "a b/c:é",
  [],
  ["x"],
  [1n],
  [{}],
  {},
  { x: 1n },
  { x: "y" },
  new Raw("1979-05-27T07:32:00Z"),
  new Raw("07:32:00"),
];

/** Any value: what fits somewhere is wrong elsewhere. */
export function unfitting(roll: Dice): Value {
  return roll.pick(WRONG);
}

export function fitting(schema: Schema, version: string, roll: Dice, depth = 0): Value {
  switch (schema.kind) {
    case "boolean":
      return roll.below(2) === 0;
    case "string":
      return roll.pick(["x", "/tmp/x", "https://example.com/v1"]);
    case "any":
      return unfitting(roll);
    case "integer":
      return BigInt(schema.min === undefined ? roll.pick([-1, 0, 7]) : schema.min) + BigInt(roll.below(2));
    case "number":
      return roll.pick([0.5, 2.5]);
    case "enum":
      return roll.pick([...schema.values, ...(schema.aliases ?? [])]);
    case "array":
      return Array.from({ length: roll.below(2) + 1 }, () => fitting(schema.items, version, roll, depth + 1));
    case "map":
      return { some_name: fitting(schema.values, version, roll, depth + 1) };
    case "oneOf":
      return fitting(roll.pick(schema.options), version, roll, depth);
    case "struct": {
      const entries = Object.keys(schema.fields).flatMap((name): [string, Value][] => {
        const field = fieldIn(schema, name, version);
        const wanted = field?.required || (depth < 4 && roll.below(6) === 0);
        return field && wanted ? [[name, fitting(field, version, roll, depth + 1)]] : [];
      });
      return Object.fromEntries(entries);
    }
  }
}

/** What a table must have beside the key that is tried, so that the key alone decides. */
const COMPANY: readonly (readonly [at: RegExp, lines: string])[] = [
  [/^mcp_servers\.some_name\.(?!command|url)(?:args|env|env_vars|cwd)\b/, 'mcp_servers.some_name.command = "x"\n'],
  [
    /^mcp_servers\.some_name\.(?:bearer_token_env_var|http_headers|env_http_headers|oauth|oauth_resource|auth|http_headers_helper)\b/,
    'mcp_servers.some_name.url = "http://127.0.0.1:9"\n',
  ],
  [/^mcp_servers\.some_name\.(?!command|url)/, 'mcp_servers.some_name.command = "x"\n'],
  [/^model_providers\.some_name\.(?!name)/, 'model_providers.some_name.name = "x"\n'],
  [/^permissions\b/, 'default_permissions = "some_name"\n'],
];

/** The text of a config that has this value at this path, and what that path cannot be without. */
export function written(path: Path, value: Value): string {
  const dotted = path.join(".");
  const company = COMPANY.find(([at]) => at.test(dotted))?.[1] ?? "";
  const index = path.findIndex((part) => typeof part === "number");
  if (index < 0) return `${company}${path.map(key).join(".")} = ${spell(value)}\n`;
  const inner = path.slice(index + 1).reduceRight<Value>((below, part) => {
    return typeof part === "number" ? [below] : { [part]: below };
  }, value);
  return `${company}${path.slice(0, index).map(key).join(".")} = ${spell([inner])}\n`;
}

export function spell(value: Value): string {
  if (value instanceof Raw) return value.text;
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Value) => spell(item)).join(", ")}]`;
  if (typeof value === "object") {
    return `{ ${Object.entries(value)
      .map(([name, item]) => `${key(name)} = ${spell(item as Value)}`)
      .join(", ")} }`;
  }
  return String(value);
}

function key(name: string | number): string {
  return /^[A-Za-z0-9_-]+$/.test(String(name)) ? String(name) : JSON.stringify(String(name));
}

/**
 * Files that Codex reads beside its config, judged by their form alone: the stored login, agents' roles, rules. Never says
 * a word of what is in them.
 */
import { join } from "node:path";
import { knownSchemaAt, type Schema } from "../codex/schema.ts";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import { orNull } from "../model/error.ts";
import { documentOf } from "../toml/document.ts";
import { type Damage, damage, reasonFor } from "./hooks.ts";
import { namesIn, textAt } from "./try-read.ts";

export function sideFileFindings(
  host: Host,
  home: string,
  { reads, schema, version }: { readonly reads: boolean; readonly schema: Schema; readonly version: string },
): Finding[] {
  return [
    ...(reads ? damagedLogin(host, home) : []),
    ...namesIn(host, join(home, "agents"))
      .filter((name) => name.endsWith(".toml"))
      .flatMap((name) => damagedRole(textAt(host, join(home, "agents", name)), `agents/${name}`, schema, version)),
    ...namesIn(host, join(home, "rules"))
      .filter((name) => name.endsWith(".rules"))
      .flatMap((name) => damagedRules(textAt(host, join(home, "rules", name)), `rules/${name}`)),
  ];
}

/** A login that is cut off or wiped: Codex "failed to deserialize CLI auth from file" then. */
function damagedLogin(host: Host, home: string): Finding[] {
  const text = textAt(host, join(home, "auth.json"));
  if (text === null) return [];
  const value = orNull(() => JSON.parse(text) as unknown);
  return typeof value === "object" && value !== null ? [] : [damage("auth.json", reasonFor(text))];
}

/** What a role may hold beside settings of the config, and which of it it cannot be without (0.134.0, 0.171.0). */
const NEEDED = ["name", "description", "developer_instructions"] as const;
const OWN = [...NEEDED, "nickname_candidates"];

function damagedRole(text: string | null, file: string, schema: Schema, version: string): Finding[] {
  if (text === null) return [];
  const reason = reasonOfRole(text, schema, version);
  return reason === null ? [] : [damage(file, reason)];
}

function reasonOfRole(text: string, schema: Schema, version: string): Damage | null {
  const document = documentOf(text);
  if (document === null) return "not-toml";
  const isFilled = (key: string) => {
    const value = document.get([key]);
    return typeof value === "string" && value.trim() !== "";
  };
  const lacking = NEEDED.find((key) => !isFilled(key));
  if (lacking !== undefined)
    return ({ name: "no-name", description: "no-description", developer_instructions: "no-instructions" } as const)[
      lacking
    ];
  const isKnown = (key: string) => OWN.includes(key) || knownSchemaAt(schema, [key], version) !== null;
  return Object.keys(document.data).every(isKnown) ? null : "unknown-key";
}

/** Codex does not start with a rule that it cannot read (0.171.0). */
function damagedRules(text: string | null, file: string): Finding[] {
  if (text === null) return [];
  const code = text.replace(/("""|''')[\s\S]*?\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#.*/g, (found) =>
    found.startsWith("#") ? "" : '""',
  );
  const opened = code.match(/[([{]/g)?.length ?? 0;
  const closed = code.match(/[)\]}]/g)?.length ?? 0;
  const decisions = [...text.matchAll(/^[^#\n]*\bdecision\s*=\s*["'](\w*)["']/gm)].map(([, word]) => word ?? "");
  const isOdd = decisions.some((word) => !["allow", "prompt", "forbidden"].includes(word));
  return opened !== closed || isOdd ? [damage(file, "no-rules")] : [];
}

/** Trusted projects around the working directory whose own config, on top of the home's, keeps Codex from starting. */
import { expectsOf } from "../codex/expected.ts";
import { forVersion } from "../codex/facts.ts";
import { mergeTables } from "../codex/merge.ts";
import type { Cause, Finding } from "../findings/finding.ts";
import { projectConfigs } from "../machine/projects.ts";
import { Document, documentOf } from "../toml/document.ts";
import { readTolerantly } from "../toml/slips/read-tolerantly.ts";
import { renderKey } from "../toml/value.ts";
import { check } from "./check.ts";
import type { CheckContext, Layer, Subject } from "./context.ts";
import { codeAt } from "./identity.ts";
import { slipFindings } from "./slips.ts";

/** What Codex passes over in a project's config, because only a home may set it. */
export function ignoredInProject(path: string, document: Document, version: string): Finding[] {
  const keys = Object.keys(document.data).filter((key) => forVersion("projectIgnores", version).includes(key));
  const [first] = keys;
  if (first === undefined) return [];
  const { line } = document.position(document.range([first])?.start ?? 0);
  return [
    { code: "project-ignores", severity: "warning", args: { path, line, keys: keys.map((key) => renderKey([key])) } },
  ];
}

/**
 * What trusted projects bring: one finding for each thing in a project's config that stops Codex and that is not the
 * home's own, and one for the keys that it passes over there.
 */
export function projectFindings(
  { codex, dir, host }: Subject,
  layers: readonly Layer[],
  context: CheckContext,
): Finding[] {
  const { version } = codex;
  const documents = layers.map(({ document }) => document);
  const projects = projectConfigs(host, dir, documents, version);
  if (projects.length === 0) return [];
  const below = documents.reduce((data, { data: above }) => mergeTables(data, above), context.below ?? {});
  // All of it: trust decides whether a file counts at all, whatever else changes.
  const whole = { ...context, roots: undefined };
  const known = check(layers, whole).findings.map(codeAt);
  const ignored = forVersion("projectIgnores", version);
  return projects.flatMap(({ path, text }): Finding[] => {
    const document = documentOf(text);
    if (!document) return [broken(path, text, version, context)];
    const counted = Object.entries(document.data).filter(([key]) => !ignored.includes(key));
    const layer: Layer = { file: "config", document: new Document(text, Object.fromEntries(counted)) };
    const { findings } = check([layer], { ...whole, below });
    const stopping = findings
      .filter((finding) => finding.stops === "load" && !known.includes(codeAt(finding)))
      .map(({ args, at, code }) => stops(path, at?.line ?? null, { code, args } as Cause));
    return [...stopping, ...ignoredInProject(path, document, version)];
  });
}

function stops(path: string, line: number | null, because: Cause): Finding {
  return {
    code: "project-stops",
    severity: "error",
    args: { path, line, because: { code: because.code, args: because.args } },
    stops: "load",
  };
}

/** The first slip of a text that does not parse. */
function broken(path: string, text: string, version: string, { schema }: CheckContext): Finding {
  const { slips } = readTolerantly(text, expectsOf(schema, version));
  const [first] = slipFindings("config", text, slips);
  return stops(path, first?.at?.line ?? null, first ?? { code: "unreadable-file", args: { words: "no TOML" } });
}

/** Trusted projects around the working directory whose own config, on top of the home's, keeps Codex from starting. */
import { expectsOf } from "../codex/expected.ts";
import { forVersion } from "../codex/facts.ts";
import { mergeTables } from "../codex/merge.ts";
import type { Cause, Finding } from "../findings/finding.ts";
import { projectConfigs } from "../machine/projects.ts";
import { Document, documentOf } from "../toml/document.ts";
import { readTolerantly } from "../toml/slips/read-tolerantly.ts";
import { check } from "./check.ts";
import type { CheckContext, Layer, Subject } from "./context.ts";
import { codeAt } from "./identity.ts";
import { slipFindings } from "./slips.ts";

/** One finding for each thing in a project's config that stops Codex and that is not the home's own. */
export function projectsThatStop(
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
    return findings
      .filter((finding) => finding.stops === "load" && !known.includes(codeAt(finding)))
      .map(({ args, at, code }) => stops(path, at?.line ?? null, { code, args } as Cause));
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

/** Trusted projects around the working directory whose own config, on top of the home's, keeps Codex from starting. */
import { forVersion } from "../codex/facts.ts";
import { mergeTables } from "../codex/merge.ts";
import type { Cause, Finding } from "../findings/finding.ts";
import { projectConfigs } from "../machine/projects.ts";
import { CfgError } from "../model/error.ts";
import { Document, parseDocument } from "../toml/document.ts";
import { check } from "./check.ts";
import type { CheckContext, Layer, Subject } from "./context.ts";
import { codeAt } from "./identity.ts";

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
    const document = parsed(text, path);
    if (typeof document === "number") return [stops(path, document, { code: "not-toml", args: {} })];
    const counted = Object.entries(document.data).filter(([key]) => !ignored.includes(key));
    const layer: Layer = { file: "config", document: new Document(text, Object.fromEntries(counted)) };
    const { findings } = check([layer], { ...whole, below });
    return findings
      .filter((finding) => finding.stops === "load" && !known.includes(codeAt(finding)))
      .map(({ args, at, code }) => stops(path, at?.line ?? null, { code, args } as Cause));
  });
}

function stops(path: string, line: number | null, because: Cause): Finding {
  return { code: "project-stops", severity: "error", args: { path, line, because }, stops: "load" };
}

/** The document of a text; for one that does not parse, the line of the error. */
function parsed(text: string, path: string): Document | number {
  try {
    return parseDocument(text, path);
  } catch (error) {
    if (error instanceof CfgError) return error.line ?? 1;
    throw error;
  }
}

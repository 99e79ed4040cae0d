/** Where a finding stands, as editors and people write it, and how the line looks that it is about. */
import { fileName } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";

/** `config.toml:3:1: ` where a finding has a place; empty where it has none. */
export function placeOf({ at, file }: Finding): string {
  if (file === undefined) return "";
  return `${fileName(file)}${at ? `:${at.line}:${at.column}` : ""}: `;
}

/** The line that a finding is about with a caret below, where the finding carries one; no secret is in it. */
export function sourceOf({ args }: Finding): readonly string[] {
  if (!("source" in args)) return [];
  const { caret, source } = args;
  const blanks = source.slice(0, caret - 1).replace(/[^\t]/g, " ");
  return [`    ${source}`, `    ${blanks}^`];
}

/** Where a finding stands, as editors and people write it. */
import { fileName } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";

/** `config.toml:3:1: ` where a finding has a place; empty where it has none. */
export function placeOf({ at, file }: Finding): string {
  if (file === undefined) return "";
  return `${fileName(file)}${at ? `:${at.line}:${at.column}` : ""}: `;
}

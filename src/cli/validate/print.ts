/** The findings of `validate` in the form that was asked for; a document of `--json` is not one of them. */
import { fileName } from "../../codex/file-role.ts";
import type { Finding } from "../../findings/finding.ts";
import type { Output } from "../output.ts";
import { sourceOf } from "../place.ts";
import { type Format, githubLine, sarif } from "./formats.ts";

/** `name` is the file that was named, for all of them; without it each says its file of the home. */
export function print(output: Output, findings: readonly Finding[], format: Format, name?: string): void {
  const told = findings.map((finding) => ({ finding, file: name ?? fileOf(finding), text: output.text(finding) }));
  if (format === "sarif") output.data(sarif(told));
  else
    for (const one of told) {
      if (format === "github") output.data(githubLine(one));
      else {
        const { at, code, severity } = one.finding;
        const place = one.file === null ? "" : `${one.file}${at ? `:${at.line}:${at.column}` : ""}: `;
        output.data(`${place}${severity}: ${one.text} [${code}]`);
        for (const line of sourceOf(one.finding)) output.data(line, "dim");
      }
    }
}

/** The file of the home that a finding is about; null for what is about none. */
export function fileOf({ file }: Finding): string | null {
  return file === undefined ? null : fileName(file);
}

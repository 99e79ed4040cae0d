/**
 * Findings for other programs: SARIF 2.1.0, which code hosts and editors read, and the lines with which a job annotates a
 * file on GitHub. Knows these forms, not where findings come from.
 */
import type { Finding } from "../../findings/finding.ts";
import { VERSION } from "../../model/version.ts";

export const FORMATS = ["text", "json", "sarif", "github"] as const;
export type Format = (typeof FORMATS)[number];

/** A finding, and how it reads: the name of its file, its sentence and what helps. */
export type Told = { readonly finding: Finding; readonly file: string | null; readonly text: string };

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;

/** One log of one run. */
export function sarif(told: readonly Told[]): string {
  const rules = [...new Set(told.map(({ finding }) => finding.code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "codex-cfg", version: VERSION, rules: rules.map((id) => ({ id })) } },
        results: told.map(({ file, finding: { at, code, severity }, text }) => ({
          ruleId: code,
          level: LEVELS[severity],
          message: { text },
          locations: (file === null ? [] : [file]).map((name) => ({
            physicalLocation: {
              artifactLocation: { uri: encodeURI(name) },
              ...(at ? { region: { startLine: at.line, startColumn: at.column } } : {}),
            },
          })),
        })),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

/** A line that annotates the file; line feeds and signs of its own syntax are escaped as it wants them. */
export function githubLine({ file, finding: { at, code, severity }, text }: Told): string {
  const level = severity === "info" ? "notice" : severity;
  const place = [
    ...(file === null ? [] : [`file=${property(file)}`]),
    ...(at ? [`line=${at.line}`, `col=${at.column}`] : []),
    `title=${code}`,
  ];
  return `::${level} ${place.join(",")}::${data(text)}`;
}

const data = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string) => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/**
 * Says what is wrong with a config file, for the newest Codex that was measured, with a fix where there is one:
 * node check.ts FILE
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
// In a program of your own: from "codex-cfg".
import { checkConfig, sentence } from "../../src/index.ts";

/** One line for each problem, and whether Codex would start. */
export async function report(text: string): Promise<string> {
  const { findings, loads } = await checkConfig(text);
  const lines = findings.map((finding) => {
    const fix = finding.fix ? " (can be fixed)" : "";
    return `line ${finding.at?.line}: ${sentence(finding)}${fix}\n`;
  });
  return `${lines.join("")}${loads ? "Codex starts with this" : "Codex does not start with this"}\n`;
}

const [, script, file] = process.argv;
if (script === fileURLToPath(import.meta.url) && file !== undefined)
  process.stdout.write(await report(readFileSync(file, "utf8")));

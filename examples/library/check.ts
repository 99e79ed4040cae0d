/** Says what is wrong with a config file, for the newest Codex that was measured: node check.ts FILE */
import { readFileSync } from "node:fs";
import { checkConfig, sentence } from "codex-cfg";

const [, , file = "config.toml"] = process.argv;
const { findings, loads } = await checkConfig(readFileSync(file, "utf8"));
for (const finding of findings) {
  const fix = finding.fix ? " (can be fixed)" : "";
  console.log(`line ${finding.at?.line}: ${sentence(finding)}${fix}`);
}
console.log(loads ? "Codex starts with this" : "Codex does not start with this");
if (!loads) process.exitCode = 1;

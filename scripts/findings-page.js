// Writes docs/findings.md: what `codex-cfg describe` says of every code that has an example. Run after a build.
import { mkdtempSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The page, from what `describe` gives. */
export function findingsPage(pages) {
  const described = pages.filter(({ example }) => example !== null);
  const others = pages.filter(({ example }) => example === null);
  return `${[
    "# Findings",
    "What the codes of `validate` and `doctor` mean, each with the smallest config that has it, what Codex says of that one, and\nwhat each fix makes of it. `codex-cfg describe CODE` says the same; `npm run docs` writes this page. A safe fix is made by\n`codex-cfg doctor --fix`, a choice is yours.",
    ...described.map(section),
    "## Codes that depend on a machine or a change",
    others.map(({ code, sentence }) => `- \`${code}\`: ${sentence}`).join("\n"),
  ].join("\n\n")}\n`;
}

function section({ code, example, sentence }) {
  const { fixes, says, stops, text } = example;
  const effect = { load: "Codex does not load it.", strict: "Codex loads it, but not with `--strict-config`." };
  return [
    `## ${code}`,
    `${sentence}`,
    block(text),
    stops === null ? "Codex loads it." : effect[stops],
    ...(says.length === 0
      ? []
      : [says.map(({ since, words }) => `- since ${since}: ${words || "takes it"}`).join("\n")]),
    ...fixes.flatMap(({ after, kind, label, reason }) => [
      kind === "safe" ? `Safe fix, because ${reason}:` : `A choice (${reason}): ${label}`,
      block(after),
    ]),
  ].join("\n\n");
}

const block = (text) => `\`\`\`toml\n${text.trimEnd()}\n\`\`\``;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { describe, openHome } = await import("../dist/index.js");
  const dir = mkdtempSync(join(tmpdir(), "codex-cfg-docs-"));
  writeFileSync(new URL("../docs/findings.md", import.meta.url), findingsPage(await describe(openHome({ dir }))));
  rmdirSync(dir);
}

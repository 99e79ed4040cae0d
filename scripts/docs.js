// Writes docs/cli.md out of what every verb says under --help. With --check it writes nothing and exits with 1 when the page
// says something else. Run after a build.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../dist/bin.cjs", import.meta.url));
const PAGE = fileURLToPath(new URL("../docs/cli.md", import.meta.url));

const page = `${[
  "# The command line",
  "What `codex-cfg --help` and every verb's `--help` print; `npm run docs` writes this page. Each of them ends with the\nglobal options and the table of exit codes, which stand here once.",
  ...sections([]),
].join("\n\n")}\n`;

if (!process.argv.includes("--check")) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, "utf8") !== page) {
  console.error("docs/cli.md is not what the help says; write it again: npm run docs");
  process.exitCode = 1;
}

/** A section for a verb and for each verb below it. */
function sections(words) {
  const { status, stdout } = spawnSync(process.execPath, [BIN, ...words, "--help"], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", COLUMNS: "80" },
  });
  if (status !== 0) throw new Error(`no help for: ${words.join(" ")}`);
  const [text, exits] = stdout.split(/\n(?=Exit codes:\n)/);
  // The options of the whole program stand once, too, with the program's own.
  const shown = words.length === 0 ? stdout : text.replace(/\nGlobal Options:\n(?: .*\n)+/, "");
  if (exits === undefined) throw new Error(`no exit codes in the help of: ${words.join(" ")}`);
  const listed = /\nCommands:\n((?: .*\n)+)/.exec(text)?.[1] ?? "";
  const below = [...listed.matchAll(/^ {2}(?!help\b)(\S+)/gm)].map(([, verb]) => verb);
  return [
    `## ${["codex-cfg", ...words].join(" ")}`,
    `\`\`\`text\n${shown.trim()}\n\`\`\``,
    ...below.flatMap((verb) => sections([...words, verb])),
  ];
}

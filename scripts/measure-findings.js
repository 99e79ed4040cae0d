// Asks installed clients about the example of each finding's code, and writes their words into src/findings/examples.json:
// node scripts/measure-findings.js VERSION=PROGRAM… Words that are those of the release before are left out.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../src/findings/examples.json", import.meta.url));
const clients = process.argv.slice(2).map((one) => one.split("="));

const NOISE =
  /^WARNING|^\d*\s*\||^Caused by|^failed to load (?:bootstrap )?configuration:?$|^TOML parse error|^Location|^Backtrace/;

const examples = JSON.parse(readFileSync(FILE, "utf8"));
for (const example of Object.values(examples)) {
  const said = {};
  let last = "";
  for (const [version, program] of clients) {
    const words = wordsOf(program, example.text);
    if (words !== last) said[version] = words;
    last = words;
  }
  example.says = said;
}
writeFileSync(FILE, `${JSON.stringify(examples, null, 2)}\n`);

/** What a client says: nothing where it takes the text, also with --strict-config. */
function wordsOf(program, text) {
  const home = mkdtempSync(join(tmpdir(), "codex-findings-"));
  try {
    writeFileSync(join(home, "config.toml"), text);
    const cwd = join(home, "empty");
    mkdirSync(cwd);
    const ask = (...args) =>
      spawnSync(program, args, {
        cwd,
        env: { PATH: process.env.PATH, HOME: home, CODEX_HOME: home },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 10_000,
      });
    const plain = ask("features", "list");
    if (plain.status !== 0) return short(plain.stderr, home);
    const strict = ask("app-server", "--print-startup-config", "--strict-config");
    const { error } = JSON.parse(strict.stdout.split("\n").find((line) => line.startsWith("{")) ?? "{}");
    return error ? `--strict-config: ${short(error.data.detail, home)}` : "";
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Without the places and the words that every refusal has. */
function short(words, home) {
  const lines = words
    .replaceAll(home, "")
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^Error: |^\d+: /g, "")
        .replace(/^\S*config\.toml:\d+:\d+: /, ""),
    )
    .filter((line) => line !== "" && !NOISE.test(line));
  return [...new Set(lines)].slice(0, 2).join("; ");
}

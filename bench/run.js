// npm run bench: prints a table and writes it to bench/RESULTS.md, with machine, versions and date.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { configOf } from "./config.js";
import { peers } from "./peers.js";
import { programs } from "./programs.js";
import { manyToggles, scaling } from "./scaling.js";
import { startup } from "./startup.js";

const times = (ratio) => `${ratio.toFixed(2)} ×`;
const loses = (lost) => {
  const [first, ...rest] = lost;
  if (first === undefined) return "nothing";
  if (!first.startsWith("refuses")) return `loses ${lost.join(", ")}`;
  return rest.length === 0 ? first : `${first}; without what it stumbled over it loses ${rest.join(", ")}`;
};
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Peak memory of a process of its own that reads and edits a file of 5 MB, over a bare one, in times the file. */
function memory() {
  const scratch = mkdtempSync(join(tmpdir(), "codex-cfg-bench-"));
  const file = join(scratch, "config.toml");
  writeFileSync(file, configOf(5_000_000));
  const peak = (...args) => {
    const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    return Number(stdout);
  };
  const bare = peak("-p", "process.resourceUsage().maxRSS / 1024");
  const edit = peak(fileURLToPath(new URL("memory.js", import.meta.url)), file);
  rmSync(scratch, { recursive: true });
  return (edit - bare) / 5;
}

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const whole = startup();
const sizes = scaling();
const many = manyToggles();
const size = (characters) => (characters < 1e6 ? `${characters / 1e3} KB` : `${characters / 1e6} MB`);
const text = `# Results

codex-cfg ${version}, Node ${process.versions.node}, ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${availableParallelism()} cores, ${new Date().toISOString().slice(0, 10)}

## Whole processes, beside a bare start of Node (\`node -e 0\`, ${whole.bare.toFixed(0)} ms here)

Medians of ${whole.pairs} pairs, who goes first alternates. The home holds ${whole.kilobytes} KB. Every command has run once before, so that
its compiled code is there.

${table(
  ["command", "ratio", "middle half"],
  whole.rows.map(({ low, high, name, ratio }) => [name, times(ratio), `${times(low)} to ${times(high)}`]),
)}

## One edit, in one warm process, beside smol-toml's single parse

Scan, edit and proof; the parse that everybody needs to look at a file is not counted.

${table(
  ["size", "parse", "scan + edit + proof", "ratio"],
  sizes.map((row) => [size(row.size), `${row.parse.toFixed(2)} ms`, `${row.edit.toFixed(2)} ms`, times(row.ratio)]),
)}

5 MB take ${times(sizes[3].edit / sizes[2].edit)} the time of 1 MB. Parsing and editing 5 MB takes ${times(memory())} the file at its peak, over a bare start.

\`codex-cfg mcp disable\` takes ${times(whole.manyServers.change)} as long for 500 servers at once as for one of them in a file of 100 KB, and
${times(whole.manyServers.preview)} for the preview. The edit alone, warm and with its parse, is ${many.all.toFixed(1)} ms beside ${many.one.toFixed(1)} ms: ${times(many.all / many.one)}.

A revert that ten thousand chats have a say in decides in ${times(whole.chats.ratio)} the time of one without chats.

## Other packages at the same edit of 3 KB

${table(
  ["package", "time", "what it does to the rest of a trying file"],
  (await peers()).map(({ lost, name, took }) =>
    took === null ? [name, "not installed", ""] : [name, `${took.toFixed(2)} ms`, loses(lost)],
  ),
)}

## Other programs that add a server to 5 KB, as whole processes

${table(
  ["program", "beside `node -e 0`", "what it does to the rest of a trying file"],
  programs().map(({ lost, name, ratio }) =>
    ratio === null ? [name, "not installed", ""] : [name, times(ratio), loses(lost)],
  ),
)}
`;
console.log(text);
writeFileSync(new URL("RESULTS.md", import.meta.url), text);

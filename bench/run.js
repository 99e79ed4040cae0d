// npm run bench: prints tables and writes them to bench/RESULTS.md, with machine, versions and date.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { peers } from "./peers.js";
import { programs } from "./programs.js";
import { scaling } from "./scaling.js";
import { startup } from "./startup.js";

const times = (ratio) => (Number.isNaN(ratio) ? "" : `${ratio.toFixed(2)} ×`);
const loses = (lost) => {
  const [first, ...rest] = lost;
  if (first === undefined) return "nothing";
  if (!first.startsWith("refuses")) return `loses ${lost.join(", ")}`;
  return rest.length === 0 ? first : `${first}; without what it stumbled over it loses ${rest.join(", ")}`;
};
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const kilobytes = (characters) => `${characters / 1e3} KB`;

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const whole = startup();
const sizes = scaling();
const [real, large] = sizes.slice(-2);
const text = `# Results

codex-cfg ${version}, Node ${process.versions.node}, ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${availableParallelism()} cores, ${new Date().toISOString().slice(0, 10)}

## Whole processes, beside a bare start of Node (\`node -e 0\`, ${whole.bare.toFixed(0)} ms here)

Medians of ${whole.pairs} pairs by wall time, who goes first alternates; the fastest run of each; the CPU time of all pairs
together. Every command has run before, so that its compiled code is there.

${table(
  ["command", "config", "wall", "middle half", "fastest", "CPU"],
  whole.rows.map(({ best, cpu, high, low, name, size, wall }) => [
    name,
    kilobytes(size),
    times(wall),
    `${times(low)} to ${times(high)}`,
    times(best),
    times(cpu),
  ]),
)}

## One edit, in one warm process, beside smol-toml's single parse

Parse, edit and proof.

${table(
  ["size", "smol-toml's parse", "parse + edit + proof"],
  sizes.map(({ edit, parse, size }) => [kilobytes(size), `${parse.toFixed(2)} ms`, `${edit.toFixed(2)} ms`]),
)}

From ${kilobytes(real.size)} to ${kilobytes(large.size)}, ${large.size / real.size} times as much text, an edit takes ${(large.edit / real.edit).toFixed(0)} times as long.

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

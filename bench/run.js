// npm run bench: prints a table and writes it to bench/RESULTS.md, with machine, versions and date.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { peers } from "./peers.js";
import { manyToggles, scaling } from "./scaling.js";
import { startup } from "./startup.js";

const times = (ratio) => `${ratio.toFixed(2)} ×`;
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Peak memory of a process of its own, over a bare one, in times the file of 5 MB. */
function memory() {
  const peak = (code) => {
    const args = ["--input-type=module", "-e", code];
    return Number(
      spawnSync(process.execPath, args, { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8" }).stdout,
    );
  };
  const bare = peak("console.log(process.resourceUsage().maxRSS / 1024)");
  return (peak('import { peakMemory } from "./scaling.js"; console.log(peakMemory())') - bare) / 5;
}

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const whole = startup();
const sizes = scaling();
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

5 MB take ${times(sizes[3].edit / sizes[2].edit)} the time of 1 MB; 500 toggles in one edit ${times(manyToggles())} that of one; an edit of 5 MB takes
${times(memory())} the file at its peak, over a bare start.

## Other packages at the same edit of 3 KB

${table(
  ["package", "time", "what it does to the rest of a trying file"],
  (await peers()).map(({ lost, name, took }) =>
    took === null
      ? [name, "not installed", ""]
      : [name, `${took.toFixed(2)} ms`, lost.length === 0 ? "nothing" : `loses ${lost.join(", ")}`],
  ),
)}
`;
console.log(text);
writeFileSync(new URL("RESULTS.md", import.meta.url), text);

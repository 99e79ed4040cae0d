// One process, warm: an edit with its scan and its proof beside smol-toml's single parse of the same text, by size.
import { parse } from "smol-toml";
import { parseDocument } from "../dist/index.js";
import { configOf, median } from "./config.js";

const SIZES = [3_000, 100_000, 1_000_000, 5_000_000];
const toggle = (i) => ({ op: "set", path: ["mcp_servers", `server_${i}`, "enabled"], value: false });

const milliseconds = (work) => {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
};

/** Rows of a table: size, milliseconds of each, and the ratios that count. */
export function scaling() {
  return SIZES.map((size) => {
    const text = configOf(size);
    const rounds = Math.max(7, Math.min(200, Math.round(6_000_000 / size)));
    const parses = [];
    const edits = [];
    for (let i = 0; i < rounds; i++) {
      // A comment that differs, so that nothing is remembered from the round before.
      const fresh = `${text}# ${i}\n`;
      parses.push(milliseconds(() => parse(fresh, { integersAsBigInt: true })));
      const document = parseDocument(fresh, "config.toml");
      edits.push(milliseconds(() => document.edit([toggle(1)])));
    }
    return { size, parse: median(parses), edit: median(edits), ratio: median(edits) / median(parses) };
  });
}

/** Milliseconds of one toggle and of 500 in one edit of 100 KB, the parse of the file included. */
export function manyToggles() {
  const text = configOf(100_000);
  const time = (edits, i) =>
    milliseconds(() => parseDocument(`${text}# ${edits.length} ${i}\n`, "config.toml").edit(edits));
  const all = Array.from({ length: 500 }, (_, i) => toggle(i));
  const rounds = Array.from({ length: 41 }, (_, i) => [time([toggle(1)], i), time(all, i)]);
  return { one: median(rounds.map(([one]) => one)), all: median(rounds.map(([, many]) => many)) };
}

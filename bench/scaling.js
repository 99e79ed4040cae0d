// One process, warm: an edit with its proof beside smol-toml's single parse of the same text, by size.
import { parse } from "smol-toml";
import { parseDocument } from "../dist/index.js";
import { configOf, median } from "./config.js";

const SIZES = [1_000, 5_000, 25_000, 1_000_000];
const toggle = { op: "set", path: ["mcp_servers", "server_1", "enabled"], value: false };

const milliseconds = (work) => {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
};

/** Rows of a table: size, and milliseconds of each. */
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
      edits.push(milliseconds(() => parseDocument(fresh, "config.toml").edit([toggle])));
    }
    return { size, parse: median(parses), edit: median(edits) };
  });
}

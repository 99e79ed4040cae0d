// Other tools at the same edit, and what they do to the rest of the file. Their packages: npm install --prefix bench
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { parseDocument } from "../dist/index.js";
import { configOf, median } from "./config.js";

const require = createRequire(import.meta.url);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

/** A file with everything in it that an edit should leave alone. */
export const TRYING =
  '\ufeff# mine\r\nmodel = "a"   # why\r\nbig = 9223372036854775807\r\nhex = 0xff\r\n\r\n[mcp_servers.server_1] # first\r\ncommand = "x"\r\nenv = { A = "1" }\r\n\r\n# about two\r\n[mcp_servers.two]\r\nurl = "y"';

const PATH = ["mcp_servers", "server_1", "enabled"];

const PEERS = {
  "codex-cfg": async () => (text) =>
    parseDocument(text, "config.toml").edit([{ op: "set", path: PATH, value: false }]).text,
  "@decimalturn/toml-patch": async () => {
    const { parse, patch } = await load("@decimalturn/toml-patch");
    return (text) => {
      const data = parse(text);
      data.mcp_servers.server_1.enabled = false;
      return patch(text, data);
    };
  },
  "@rainbowatcher/toml-edit-js": async () => {
    const { default: init, edit } = await load("@rainbowatcher/toml-edit-js");
    await init?.();
    return (text) => edit(text, PATH.join("."), false);
  },
  "@iarna/toml, parsed and written": async () => {
    const { default: toml } = await load("@iarna/toml");
    return (text) => {
      const data = toml.parse(text);
      data.mcp_servers.server_1.enabled = false;
      return toml.stringify(data);
    };
  },
};

/** What became of the rest of a trying file, in words; empty when nothing did. `adds` is for those that add to its end. */
export function damage(edit, { text = TRYING, adds = false } = {}) {
  let after;
  try {
    after = edit(text);
  } catch (error) {
    return [
      `refuses it (${String(error.message ?? error)
        .split("\n")[0]
        .slice(0, 60)})`,
    ];
  }
  const lines = text.split("\r\n").filter((line) => line !== "" && after.includes(line));
  const missing = [
    ["the BOM", () => after.startsWith("\ufeff") === text.startsWith("\ufeff")],
    ["CRLF", () => lines.slice(0, -1).every((line) => after.includes(`${line}\r\n`))],
    ["comments", () => ["# mine", "# why", "# first", "# about two"].every((words) => after.includes(words))],
    ["64-bit integers", () => after.includes("9223372036854775807")],
    ["spelling", () => after.includes("0xff")],
    ["inline tables", () => after.includes('env = { A = "1" }')],
    ["the missing line end", () => adds || !after.endsWith("\n")],
  ];
  return missing.filter(([, holds]) => !holds()).map(([what]) => what);
}

/** One row a tool: milliseconds for 3 KB when warm, and what it lost; null where it is not installed. */
export async function peers() {
  const text = configOf(3_000);
  const rows = [];
  for (const [name, make] of Object.entries(PEERS)) {
    let edit;
    try {
      edit = await make();
    } catch {
      rows.push({ name, took: null, lost: null });
      continue;
    }
    const times = Array.from({ length: 60 }, (_, i) => {
      const fresh = `${text}# ${i}\n`;
      const start = process.hrtime.bigint();
      edit(fresh);
      return Number(process.hrtime.bigint() - start) / 1e6;
    });
    rows.push({ name, took: median(times.slice(20)), lost: damage(edit) });
  }
  return rows;
}

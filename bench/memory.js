// A process of its own: reads a config, edits it and says how many megabytes it took at its peak.
import { readFileSync } from "node:fs";
import { parseDocument } from "../dist/index.js";

const [file] = process.argv.slice(2);
const path = ["mcp_servers", "server_1", "enabled"];
parseDocument(readFileSync(file, "utf8"), "config.toml").edit([{ op: "set", path, value: false }]);
console.log(process.resourceUsage().maxRSS / 1024);

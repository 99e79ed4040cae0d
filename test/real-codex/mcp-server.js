/**
 * A stdio MCP server with no tools: answers initialize, ping and tools/list, one JSON-RPC message a line. With `hang` as
 * its argument it reads and never says a word.
 */
import { createInterface } from "node:readline";

const hangs = process.argv.includes("hang");

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  // A message without an id wants no answer.
  if (hangs || id === undefined) return;
  const result = RESULTS[method]?.(params);
  const answer = result === undefined ? { error: { code: -32601, message: "not known here" } } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...answer })}\n`);
});

const RESULTS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "codex-cfg-suite", version: "1.0.0" },
  }),
  ping: () => ({}),
  "tools/list": () => ({ tools: [] }),
};

/** What the real client writes by itself is an entry of history, and taking it back takes exactly that back. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { cfg, codex, succeeded } from "./client.ts";
import { beside, QUIET, scratchHome } from "./homes.ts";
import { binFolder } from "./install.ts";

const version = "0.169.0";
const START = `# mine\nmodel = "gpt-5.5" # here\n${QUIET}\n# the docs\n[mcp_servers.docs]\ncommand = "true" # d\n`;

type Entry = { readonly id: string; readonly by: string; readonly live: boolean };

it.each<[string, (home: string) => Promise<unknown>]>([
  ["features enable", async (home) => succeeded(await codex(version, ["features", "enable", "memories"], { home }))],
  ["mcp add", async (home) => succeeded(await codex(version, ["mcp", "add", "zz", "--", "true"], { home }))],
  [
    "app-server's config/batchWrite",
    (home) =>
      batchWrite(home, [
        { keyPath: "model", value: "gpt-5.4", mergeStrategy: "replace" },
        { keyPath: "tui.theme", value: "dark", mergeStrategy: "replace" },
      ]),
  ],
])("%s", async (_, write) => {
  const home = scratchHome({ "config.toml": START });
  const ours = async (...args: readonly string[]) => succeeded(await cfg(args, { home, codexVersionOnPath: version }));
  const text = () => readFileSync(join(home, "config.toml"), "utf8");
  await ours("set", "model_verbosity", "low", "-y");
  const before = text();
  await write(home);
  expect(text()).not.toBe(before);
  const { entries } = JSON.parse((await ours("history", "--json")).stdout) as { readonly entries: readonly Entry[] };
  expect(entries.map(({ by }) => by)).toEqual(["others", "codex-cfg"]);
  await ours("revert", entries[0]?.id ?? "", "-y");
  expect(text()).toBe(before);
  const after = JSON.parse((await ours("history", "--json")).stdout) as { readonly entries: readonly Entry[] };
  expect(after.entries.find(({ by }) => by === "others")?.live).toBe(false);
});

/** Writes settings as the desktop app does, in one request. */
async function batchWrite(home: string, edits: readonly object[]): Promise<void> {
  const child = spawn(join(binFolder(version), "codex"), ["app-server"], {
    cwd: beside(home, "cwd"),
    env: { PATH: process.env.PATH ?? "", CODEX_HOME: home, HOME: beside(home, "user") },
    stdio: ["pipe", "pipe", "ignore"],
    timeout: 60_000,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const call = async (id: number, method: string, params: object) => {
    child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const answer = JSON.parse(line.value) as { readonly id?: number; readonly result?: { readonly status?: string } };
      if (answer.id === id) return answer.result;
    }
    throw new Error(`app-server has not answered ${method}`);
  };
  try {
    await call(1, "initialize", { clientInfo: { name: "suite", version: "1" } });
    child.stdin.write('{"method":"initialized"}\n');
    expect((await call(2, "config/batchWrite", { edits }))?.status).toBe("ok");
  } finally {
    child.kill();
  }
}

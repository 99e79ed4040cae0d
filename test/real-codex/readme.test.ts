/** The README's jobs, typed as they stand by somebody who has the real client: each works, and comes back. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { cfg, codex, succeeded } from "./client.ts";
import { AUTH, QUIET, scratchHome, snapshotHome } from "./homes.ts";

const README = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const COMMANDS = [...new Set([...README.matchAll(/`codex-cfg ([^`]+)`/g)].map(([, command = ""]) => command))];
const SERVERS = '\n[mcp_servers.docs]\ncommand = "true"\n\n[mcp_servers.git]\ncommand = "true"\n';

describe("with codex 0.169.0 at hand", () => {
  it.each(COMMANDS)("codex-cfg %s works, and what it changed can be taken back", async (command) => {
    const home = scratchHome({ "config.toml": `${QUIET}${SERVERS}`, "auth.json": AUTH });
    // An editor that waits for a terminal would never end here.
    const env = { EDITOR: "echo '# mine' >>" };
    const run = (...argv: string[]) => cfg(argv, { env, home, codexVersionOnPath: "0.169.0" });
    const before = snapshotHome(home);
    succeeded(await run(...command.split(" ")));
    succeeded(await codex("0.169.0", ["features", "list"], { home }));
    succeeded(await run("revert", "--all"));
    expect(snapshotHome(home)).toEqual(before);
  });
});

/** The client takes a `.codex` above its working directory for a project's: what is asked of it is never asked there. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cfg, codex } from "./client.ts";
import { beside, put, scratchHome } from "./homes.ts";

const NEWEST = "0.169.0";

/** The user's folder is a repository that the client trusts, and the Codex home in it does not load. */
function person() {
  const root = beside(scratchHome(), "person");
  const home = join(root, ".codex");
  const trusts = `[projects.${JSON.stringify(root)}]\ntrust_level = "trusted"\n`;
  for (const name of [".git", ".codex", "user", "cwd", "tmp"]) mkdirSync(join(root, name), { recursive: true });
  put(join(root, ".git", "HEAD"), "ref: refs/heads/main\n");
  put(join(home, "config.toml"), `model = 3\n\n${trusts}`);
  return { home, trusts };
}

it("asked below the home, it refuses a config for what the home says", async () => {
  const { home, trusts } = person();
  const scratch = join(home, ".codex-cfg", "scratch");
  for (const name of [scratch, beside(scratch, "cwd")]) mkdirSync(name, { recursive: true });
  put(join(scratch, "config.toml"), `model = "m"\n\n${trusts}`);
  const { status } = await codex(NEWEST, ["features", "list"], { home: scratch });
  expect(status).toBe(1);
});

it.each([["a state folder"], ["none"]])("a repair of a home with %s in a trusted repository is made", async (has) => {
  const { home } = person();
  if (has !== "none") mkdirSync(join(home, ".codex-cfg"), { mode: 0o700 });
  const { status, stderr } = await cfg(["set", "model", "m"], { home, codexVersionOnPath: NEWEST });
  expect([status, stderr]).toEqual([0, expect.stringContaining("done (")]);
  expect(stderr).not.toMatch(/warning|asked/);
});

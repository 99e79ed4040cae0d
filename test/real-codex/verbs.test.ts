/** What each verb does, as the client itself shows it: before, after, and after it was taken back. */
import { describe, expect, it } from "vitest";
import { cfg, codex, succeeded } from "./client.ts";
import { AUTH, QUIET, scratchHome, snapshotHome } from "./homes.ts";
import type { Version } from "./install.ts";

const VERSIONS: readonly Version[] = ["0.130.0", "0.134.0", "0.169.0"];

describe.each(VERSIONS)("codex %s shows", (version) => {
  let home = "";
  const ours = async (...args: string[]) =>
    succeeded(await cfg([...args, "-y"], { home, codexVersionOnPath: version }));
  const asks = (...args: string[]) => codex(version, args, { home });

  it("a feature that `set` turned on, and off again after revert", async () => {
    home = scratchHome({ "config.toml": QUIET });
    const state = async () =>
      /^shell_snapshot\s.*\b(true|false)\s*$/m.exec((await asks("features", "list")).stdout)?.[1];
    const before = await state();
    const files = snapshotHome(home);
    await ours("set", "features.shell_snapshot", before === "true" ? "false" : "true");
    expect(await state()).toBe(before === "true" ? "false" : "true");
    await ours("revert");
    expect(await state()).toBe(before);
    expect(snapshotHome(home)).toEqual(files);
  });

  it("a login that the chosen store holds, and none in one that holds nothing", async () => {
    home = scratchHome({ "config.toml": QUIET, "auth.json": AUTH });
    const status = async () => {
      const { stderr, stdout } = await asks("login", "status");
      const words = stdout + stderr;
      return /not logged in/i.test(words) ? "none" : /API key/.test(words) ? "API key" : words;
    };
    expect(await status()).toBe("API key");
    await ours("auth-store", "set", "ephemeral");
    expect(await status()).toBe("none");
    await ours("revert");
    expect(await status()).toBe("API key");
  });

  it("a provider that was added, and none once it was removed", async () => {
    home = scratchHome({ "config.toml": QUIET });
    const choosing = async () => (await asks("-c", 'model_provider="gateway"', "features", "list")).status;
    expect(await choosing()).toBe(1);
    await ours("provider", "add", "gateway", "--base-url", "http://127.0.0.1:9/v1");
    expect(await choosing()).toBe(0);
    await ours("provider", "remove", "gateway");
    expect(await choosing()).toBe(1);
    await ours("revert");
    expect(await choosing()).toBe(0);
  });

  it("a keyring that does not answer just as `auth-store` says", async () => {
    home = scratchHome({ "config.toml": QUIET });
    const refused = await cfg(["auth-store", "set", "keyring", "-y"], { home, codexVersionOnPath: version });
    expect(refused.status).toBe(3);
    await ours("auth-store", "set", "keyring", "--force");
    const { stderr, stdout } = await asks("login", "status");
    expect(stdout + stderr).toMatch(/no secret service|keyring/i);
  });
});

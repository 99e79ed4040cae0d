/** `status`: everything of a home at one glance, also of one that is broken. */
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { story } from "../story.ts";
import { THREE_SERVERS } from "../three-servers.ts";

const NEW = ["--codex-version", "0.169.0"];
const CONFIG = `model_provider = "azure"
cli_auth_credentials_store = "keyring"

${THREE_SERVERS}`;

describe("status", () => {
  test("shows provider, profiles, servers, logins, and that nothing has been changed", async () => {
    const tale = story({ "config.toml": CONFIG, "lean.config.toml": "", "http_sse.config.toml": "" });
    expect(await tale.run("status", ...NEW)).toEqual({
      exit: 0,
      err: "",
      out: [
        "health    does not load: 1 error; see: codex-cfg validate; azure over HTTP",
        `home      ${tale.home}`,
        "codex     0.169.0 (as told by --codex-version), profiles in NAME.config.toml",
        "provider  azure",
        "profiles  http_sse, lean",
        "mcp       2 on, 1 off",
        "logins    keyring, of MCP servers auto (default)",
        "change    none in force",
        "",
      ].join("\n"),
    });
  });

  test("shows the newest five changes, what was touched since, and a search under way", async () => {
    const tale = story({ "config.toml": CONFIG });
    for (const model of ["a", "b", "c", "d", "e"]) await tale.run("set", "model", model, ...NEW);
    await tale.run("mcp", "bisect", "start", ...NEW);
    tale.write("config.toml", `# mine\n${tale.read("config.toml")}`);
    const rows = (await tale.run("status", ...NEW)).out.split("\n").slice(6);
    expect(rows.map((row) => row.replace(/\S{5,}-\S{6} {2}2030-01-02 {2}/, ""))).toEqual([
      "change    mcp bisect start  changed since: config.toml",
      "change    set model  untouched",
      "change    set model  untouched",
      "change    set model  untouched",
      "change    set model  untouched",
      "          and 1 before; see: codex-cfg history",
      "bisect    on: docs; codex-cfg mcp bisect good, or bad",
      "",
    ]);
    const { bisect, changes } = JSON.parse((await tale.run("status", "--json", ...NEW)).out);
    expect(changes).toHaveLength(6);
    expect(bisect).toEqual({ on: ["docs"], left: expect.any(Number) });
  });

  test("names the profile that an older config chooses, and its provider", async () => {
    const tale = story({ "config.toml": 'profile = "x"\n\n[profiles.x]\nmodel_provider = "azure"\n\n[profiles.a]\n' });
    const { out } = await tale.run("status", "--codex-version", "0.133.0");
    expect(out).toContain("provider  azure\nprofiles  a, x (chosen)\n");
    expect((await tale.run("status", ...NEW)).out).toContain("provider  openai\n");
  });

  test("says what is wrong with a config that cannot be read, and shows the rest", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run("set", "model", "x", ...NEW);
    tale.write("config.toml", "a = [\n");
    const { exit, out } = await tale.run("status", ...NEW);
    expect(exit).toBe(1);
    expect(out).toMatch(/^provider {2}.*config\.toml: not valid TOML/m);
    expect(out).toMatch(/set model {2}changed since: config\.toml$/m);
    expect(out).not.toMatch(/^(mcp|logins|profiles)/m);
  });

  test("folds its rows in a narrow terminal, and nowhere else", async () => {
    const tale = story({ "config.toml": CONFIG });
    tale.screen = { columns: 40, outIsTty: true };
    const { out } = await tale.run("status", "--color", "never", ...NEW);
    expect(out).toContain(
      "codex     0.169.0 (as told by\n          --codex-version), profiles in\n          NAME.config.toml\n",
    );
    const wide = out.split("\n").filter((line) => line.length > 40 && !line.startsWith("home"));
    expect(wide).toEqual([]);
  });
});

describe("a history that somebody has damaged", () => {
  const SERVER = '[mcp_servers.docs]\ncommand = "docs"\n';

  async function damaged(damage: (folder: string) => void) {
    const tale = story({ "config.toml": SERVER });
    await tale.run("mcp", "disable", "docs", "-y", ...NEW);
    const history = join(tale.home, ".codex-cfg", "history");
    const [id = ""] = readdirSync(history);
    damage(join(history, id));
    return { tale, id };
  }

  test.each<[string, (folder: string) => void]>([
    ["images are gone", (folder) => rmSync(join(folder, "before.0"))],
    ["an image is another", (folder) => writeFileSync(join(folder, "after.0"), "x = 1\n")],
  ])("does not stop what needs none of it: %s", async (_, damage) => {
    const { tale } = await damaged(damage);
    expect((await tale.run("status", ...NEW)).exit).toBe(0);
    expect((await tale.run("mcp", "enable", "docs", "-y", ...NEW)).exit).toBe(0);
    expect((await tale.run("history")).exit).toBe(0);
  });

  test.each<[string, (folder: string) => void]>([
    ["a record that says nothing", (folder) => writeFileSync(join(folder, "record.json"), "{}")],
    [
      "a file in the place of an entry",
      (folder) => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, "");
      },
    ],
  ])("is told: %s", async (_, damage) => {
    const { id, tale } = await damaged(damage);
    const said = `1 entry of the history cannot be read, and cannot be taken back: ${id}`;
    expect(await tale.run("history")).toEqual({ exit: 0, out: "", err: `${said}\n` });
    expect((await tale.run("status", ...NEW)).out).toContain(`damaged   ${said}\n`);
    expect((await tale.run("set", "model", "x", "-y", ...NEW)).exit).toBe(0);
  });
});

test("only what leads to a file is a profile", async () => {
  const tale = story({ "config.toml": 'model = "x"\n', "lean.config.toml": "" });
  mkdirSync(join(tale.home, "folder.config.toml"));
  symlinkSync("nowhere", join(tale.home, "dangling.config.toml"));
  symlinkSync("lean.config.toml", join(tale.home, "linked.config.toml"));
  expect((await tale.run("status", ...NEW)).out).toContain("profiles  lean, linked\n");
  expect((await tale.run("validate", ...NEW)).exit).toBe(0);
  expect((await tale.run("provider", "list", ...NEW)).exit).toBe(0);
});

test("says first that Codex starts with the home, and with --exit-code answers no when it does not", async () => {
  const sound = story({ "config.toml": 'model = "x"\n' });
  const { exit, out } = await sound.run("status", "--exit-code", ...NEW);
  expect([exit, out.split("\n")[0]]).toEqual([0, "health    loads; openai over a WebSocket"]);
  const broken = story({ "config.toml": 'profile = "work"\nsandbox_mode = "workspace_write"\n' });
  expect((await broken.run("status", ...NEW)).exit).toBe(0);
  const told = await broken.run("status", "--exit-code", ...NEW);
  expect([told.exit, told.out.split("\n")[0]]).toEqual([1, expect.stringContaining("does not load: 2 errors")]);
});

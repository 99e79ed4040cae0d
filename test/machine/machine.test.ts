/** What codex-cfg knows about Codex without running it: the installed version, the login, chats. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { countChats } from "../../src/machine/chats.ts";
import { detectCodex } from "../../src/machine/detect.ts";
import { readLogin } from "../../src/machine/login.ts";
import { textAt } from "../../src/machine/try-read.ts";
import { parseDocument } from "../../src/toml/document.ts";
import { hostFor, type Story, story } from "../story.ts";

const host = (tale: Story) => hostFor(tale, { out: "", err: "" });

describe("the installed Codex", () => {
  test("is known from its package without being started", () => {
    const tale = story();
    tale.installCodex("0.142.5", "touch started; exit 1");
    expect(detectCodex(host(tale))).toMatchObject({ version: "0.142.5", source: "package", layout: { kind: "file" } });
  });

  test("is asked when it is not a package", () => {
    const tale = story();
    mkdirSync(join(tale.root, "bin"));
    writeFileSync(join(tale.root, "bin", "codex"), "#!/bin/sh\necho codex-cli 0.98.0\n", { mode: 0o755 });
    expect(detectCodex(host(tale))).toMatchObject({ version: "0.98.0", source: "asked", layout: { kind: "table" } });
  });

  test.each([
    ["that hangs", "while :; do :; done"],
    ["that says nothing", "exit 0"],
    ["that fails", "exit 9"],
  ])("%s is as good as none", (_, script) => {
    const tale = story();
    mkdirSync(join(tale.root, "bin"));
    writeFileSync(join(tale.root, "bin", "codex"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const mute = join(tale.root, "bin", "codex");
    expect(detectCodex(host(tale))).toMatchObject({ source: "assumed", program: null, mute });
  });

  test.each([
    [0o644, "0.98.0"],
    [0o755, "0.120.0"],
  ])("is what a shell would start: a file of mode %o before it on the PATH", (mode, version) => {
    const tale = story();
    tale.installCodex("0.98.0", "echo codex-cli 0.98.0");
    const other = join(tale.root, "other");
    mkdirSync(other);
    writeFileSync(join(other, "codex"), "#!/bin/sh\necho codex-cli 0.120.0\n", { mode });
    tale.env.PATH = `${other}:${tale.env.PATH}`;
    expect(detectCodex(host(tale)).version).toBe(version);
  });

  test("is asked where the folder for what is temporary is not there", () => {
    const tale = story();
    mkdirSync(join(tale.root, "bin"));
    writeFileSync(join(tale.root, "bin", "codex"), "#!/bin/sh\necho codex-cli 0.98.0\n", { mode: 0o755 });
    const lost = Object.create(host(tale), { tmp: { value: join(tale.root, "nothing") } });
    expect(detectCodex(lost)).toMatchObject({ version: "0.98.0", layout: { kind: "table" } });
  });

  test("is asked nothing when another version is wanted", () => {
    const tale = story();
    tale.installCodex("0.142.5");
    expect(detectCodex(host(tale), "0.169.0")).toMatchObject({ version: "0.169.0", source: "flag", program: null });
    expect(detectCodex(host(tale), "0.142.5").program).not.toBeNull();
  });
});

describe("the login", () => {
  const tokenOf = (claims: object) =>
    `e30.${Buffer.from(JSON.stringify({ "https://api.openai.com/auth": claims })).toString("base64url")}.c2ln`;

  test.each([
    ['{"auth_mode":"chatgpt","tokens":{}}', "chatgpt"],
    ['{\n  "auth_mode": "apikey"\n}', "apikey"],
    ['{"OPENAI_API_KEY":null,"tokens":{"id_token":"x"}}', "chatgpt"],
    ['{"OPENAI_API_KEY":"sk-fake"}', "apikey"],
    ['{"OPENAI_API_KEY":"sk-fake","tokens":{"id_token":"x"}}', "apikey"],
    ['{"auth_mode":"chatgpt","OPENAI_API_KEY":"sk-fake","tokens":{}}', "chatgpt"],
    ["{}", "unknown"],
    ["not json", "unknown"],
  ])("%s is %s", (text, mode) => {
    const tale = story({ "auth.json": text });
    expect(readLogin(host(tale), tale.home).mode).toBe(mode);
  });

  test("is none where there is no auth.json", () => {
    const tale = story();
    expect(readLogin(host(tale), tale.home)).toEqual({ mode: "none", apiKeyInEnvironment: false });
  });

  test.each([
    ["file", "apikey", "none"],
    ["auto", "apikey", "unknown"],
    ["keyring", "unknown", "unknown"],
    ["ephemeral", "none", "none"],
  ])("kept in %s is %s beside an old auth.json, and %s without one", (store, beside, without) => {
    const config = parseDocument(`cli_auth_credentials_store = "${store}"`, "config.toml");
    const modes = [{ "auth.json": '{"OPENAI_API_KEY":"sk-fake"}' }, {}].map((files) => {
      const tale = story(files);
      return readLogin(host(tale), tale.home, config).mode;
    });
    expect(modes).toEqual([beside, without]);
  });

  test.each([
    ["the claim in its token", `"id_token":"${tokenOf({ chatgpt_account_id: "ws-1" })}","account_id":"ws-2"`, "ws-1"],
    ["nothing where the token claims none", `"id_token":"${tokenOf({})}","account_id":"ws-2"`, undefined],
    ["nothing where the token is none", '"id_token":"x"', undefined],
  ])("has its workspace from %s", (_, tokens, workspace) => {
    const tale = story({ "auth.json": `{"auth_mode":"chatgpt","tokens":{${tokens}}}` });
    expect(readLogin(host(tale), tale.home).workspace).toBe(workspace);
  });
});

describe("a text that is read in passing", () => {
  const APIKEY = '{"auth_mode":"apikey"}';
  const linked = (target: string) => {
    const tale = story();
    mkdirSync(join(tale.root, "real"));
    symlinkSync(target, join(tale.home, "auth.json"));
    return tale;
  };

  test("is found over links, each counted from where it lies", () => {
    const tale = linked("../real/one");
    symlinkSync("../two", join(tale.root, "real", "one"));
    writeFileSync(join(tale.root, "two"), APIKEY);
    expect(readLogin(host(tale), tale.home).mode).toBe("apikey");
  });

  test("is found from a home that is itself a link", () => {
    const tale = linked("../auth.json");
    writeFileSync(join(tale.root, "auth.json"), APIKEY);
    mkdirSync(join(tale.root, "elsewhere"));
    symlinkSync(tale.home, join(tale.root, "elsewhere", "home"));
    expect(readLogin(host(tale), join(tale.root, "elsewhere", "home")).mode).toBe("apikey");
  });

  test.each([["auth.json"], ["nowhere"], ["/dev/zero"], ["../real"]])("is none where a link leads to %s", (target) => {
    const tale = linked(target);
    expect(textAt(host(tale), join(tale.home, "auth.json"))).toBeNull();
    expect(readLogin(host(tale), tale.home).mode).toBe("unknown");
  });

  test("is whole or none", () => {
    const tale = story({ "just.txt": "x".repeat(1024 * 1024), "more.txt": "x".repeat(1024 * 1024 + 1) });
    tale.write("latin1.txt", Buffer.from("\xff", "latin1"));
    const read = (name: string) => textAt(host(tale), join(tale.home, name))?.length ?? null;
    expect(["just.txt", "more.txt", "latin1.txt", "none.txt"].map(read)).toEqual([1024 * 1024, null, null, null]);
  });
});

describe("chats", () => {
  const record = (provider: string) =>
    `{"type":"session_meta","payload":{"model_provider": ${JSON.stringify(provider)},"base_instructions":"${"x".repeat(20_000)}"}}\n`;

  test("are counted by provider, in both folders, up to a limit", () => {
    const tale = story();
    for (let i = 0; i < 5; i++) tale.write(`sessions/2026/01/0${i + 1}/rollout-${i}.jsonl`, record("mine"));
    tale.write("archived_sessions/rollout-9.jsonl", record("mine"));
    tale.write("sessions/2026/01/01/rollout-8.jsonl", record("mine-too"));
    tale.write("sessions/2026/01/01/notes.txt", record("mine"));
    expect(countChats(host(tale), tale.home, "mine")).toBe(6);
    expect(countChats(host(tale), tale.home, "mine", 2)).toBe(2);
    expect(countChats(host(tale), tale.home, "min")).toBe(0);
  });

  test("are none where there is no folder", () => {
    const tale = story();
    expect(countChats(host(tale), tale.home, "mine")).toBe(0);
  });
});

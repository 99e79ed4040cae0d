/** `auth-store`: where credentials live, shown without one, and changed without locking anybody out. */
import { describe, expect, test } from "vitest";
import { story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const APIKEY = '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-not-to-be-seen"}';

describe("auth-store", () => {
  test("tells which values a release takes, and that an old one knows none", async () => {
    const { run } = story();
    expect((await run("auth-store", "--codex-version", "0.90.0")).out).toContain(
      "takes file, keyring, auto; known since 0.53.0",
    );
    expect((await run("auth-store", "--codex-version", "0.50.0")).out).toContain(
      "cli_auth_credentials_store   file  (default; not known before 0.53.0)",
    );
  });

  test.each([
    [
      "asks the installed Codex, which finds no service",
      'echo "no secret service provider or dbus session found" >&2; exit 1',
      "does not answer here",
    ],
    ["asks the installed Codex, which finds one", 'echo "Not logged in" >&2; exit 1', "answers here"],
  ])("%s", async (_, script, sentence) => {
    const tale = story();
    tale.installCodex("0.169.0", script);
    expect((await tale.run("auth-store")).out).toContain(`keyring                      ${sentence}\n`);
  });
});

describe("auth-store set", () => {
  test("does nothing when the value counts already, set or not", async () => {
    const tale = story();
    expect((await tale.run("auth-store", "set", "file", "--mcp", "auto", ...NEW)).err).toContain("nothing to do\n");
    expect(tale.files()).toEqual({});
  });

  test.each([
    [
      "ephemeral for MCP servers",
      ["--mcp", "ephemeral"],
      2,
      "mcp_oauth_credentials_store takes auto, file, keyring",
      "--mcp auto",
    ],
    ["a keyring for MCP servers where none answers", ["--mcp", "keyring"], 3, "no keyring answers here", "--force"],
  ])("refuses %s", async (_, argv, exit, ...sentences) => {
    const tale = story({ "config.toml": "a = 1\n" });
    const before = tale.files();
    const ran = await tale.run("auth-store", "set", ...argv, ...NEW);
    expect(ran.exit).toBe(exit);
    for (const sentence of sentences) expect(ran.err).toContain(sentence);
    expect(tale.files()).toEqual(before);
  });

  test("refuses what the release does not know, and says which one does", async () => {
    const { run } = story();
    const ephemeral = await run("auth-store", "set", "ephemeral", "--codex-version", "0.90.0");
    expect(ephemeral).toMatchObject({ exit: 2 });
    const old = await run("auth-store", "set", "auto", "--codex-version", "0.50.0");
    expect(old.exit).toBe(3);
    expect(old.err).toContain("Codex 0.50.0 does not know cli_auth_credentials_store; 0.53.0 is the first that does");
  });

  test("takes the keyring with --force", async () => {
    const tale = story();
    expect((await tale.run("auth-store", "set", "keyring", "--force", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe('cli_auth_credentials_store = "keyring"\n');
  });
});

describe("a setting that makes Codex delete auth.json is named", () => {
  const trap = "delete auth.json";
  const CHATGPT = '{"auth_mode":"chatgpt"}';
  const claims = Buffer.from('{"chatgpt_account_id":"ours"}').toString("base64url");
  const OURS = `{"auth_mode":"chatgpt","tokens":{"id_token":"e30.${claims}.c2ln"}}`;
  const WORKSPACE = ["forced_chatgpt_workspace_id"];

  test.each([
    [["forced_login_method", "chatgpt"], APIKEY, CHATGPT],
    [["forced_login_method", "api"], CHATGPT, APIKEY],
    [[...WORKSPACE, "theirs"], OURS, APIKEY],
    [[...WORKSPACE, "ours"], CHATGPT, OURS],
  ])("where it is set, and only beside such a login: %s", async (argv, deleted, kept) => {
    const set = (auth: string) => story({ "auth.json": auth }).run("set", ...argv, "-n", ...NEW);
    expect((await set(deleted)).err).toMatch(/delete(s|) auth\.json/);
    expect((await set(kept)).err).not.toMatch(/deletes? auth\.json/);
  });

  test("where it stands, and no longer by a change that leaves it as it is", async () => {
    const tale = story({ "auth.json": APIKEY, "config.toml": 'forced_login_method = "chatgpt"\n' });
    const { err, out } = await tale.run("validate", ...NEW);
    expect(out + err).toContain(trap);
    expect((await tale.run("set", "model", "m", "-n", ...NEW)).err).not.toContain(trap);
  });

  test("and not where Codex does not look into auth.json", async () => {
    const tale = story({ "auth.json": APIKEY, "config.toml": 'cli_auth_credentials_store = "ephemeral"\n' });
    expect((await tale.run("set", "forced_login_method", "chatgpt", "-n", ...NEW)).err).not.toContain(trap);
  });
});

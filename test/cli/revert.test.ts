/** Taking changes back: byte for byte where nobody has written since, value by value elsewhere. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { realHost } from "../../src/host/node/host.ts";
import { openStore } from "../../src/store/store.ts";
import { hostFor, type Story, story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const APPLY = ["apply", "http-sse", ...NEW];

describe("apply and revert leave every byte as it was", () => {
  const bodies: Record<string, string> = {
    "no config.toml": "",
    "comments on every line": "# 1\nmodel = 'x' # 2\n# 3\n\n# 4\n[a] # 5\n# 6\nb = 1 # 7\n# 8\n",
    CRLF: "model = 'x'\r\n\r\n[a]\r\nb = 1\r\n",
    "a BOM": "\ufeffmodel = 'x'\n",
    "a BOM and CRLF": "\ufeff# mine\r\nmodel = 'x'\r\n",
    "mixed line ends": "a = 1\r\nb = 2\nc = 3\r\n",
    "no final line end": "model = 'x'\n[a]\nb = 1",
    tabs: "\tmodel\t=\t'x'\t\n\t[a]\n\t\tb = 1\n",
    "blank lines at the end": "model = 'x'\n\n\n\n",
    "split and out-of-order tables":
      "[model_providers.z.http_headers]\nh = '1'\n\n[a]\nb = 1\n\n[model_providers.z]\nname = 'z'\n",
    "an inline provider table": "model_providers = { z = { name = 'z' } }\n",
    "dotted providers": "model_providers.z.name = 'z'\nmodel = 'x'\n",
    "an empty [model_providers]": "[model_providers]\n",
    "an own profile file": "model = 'x'\n",
  };

  test.each(Object.entries(bodies))("%s", async (name, text) => {
    const tale = story(name === "no config.toml" ? {} : { "config.toml": text });
    if (name === "an own profile file") tale.write("http_sse.config.toml", "# own\nmodel = 'y'");
    const before = tale.files();
    expect((await tale.run(...APPLY)).exit).toBe(0);
    expect(tale.files()).not.toEqual(before);
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.files()).toEqual(before);
  });

  test("an empty file stays an empty file", async () => {
    const tale = story({ "config.toml": "" });
    await tale.run(...APPLY);
    await tale.run("revert");
    expect(tale.files()).toEqual({ "config.toml": "600 " });
  });

  test.each([0o600, 0o640, 0o664])("mode %o", async (mode) => {
    const tale = story();
    tale.write("config.toml", "a = 1\n", mode);
    await tale.run(...APPLY);
    expect(tale.files()["config.toml"]).toMatch(new RegExp(`^${mode.toString(8)} `));
    await tale.run("revert");
    expect(tale.files()).toEqual({ "config.toml": `${mode.toString(8)} a = 1\n` });
  });
});

describe("after somebody else has written the file", () => {
  test("revert takes its own keys back and nothing else", async () => {
    const tale = story({ "config.toml": "# mine\r\nmodel = 'x'\r\n\r\n[a]\r\nb = 1\r\n" });
    await tale.run(...APPLY);
    const theirs = tale
      .read("config.toml")
      .replaceAll("\r\n", "\n")
      .replace("model = 'x'\n", "model = 'y' # new\n# and a comment\n")
      .replace("b = 1\n", "b = 1\nc = 2\n");
    tale.write("config.toml", theirs);
    const { exit } = await tale.run("revert");
    expect(exit).toBe(0);
    expect(tale.read("config.toml")).toBe("# mine\nmodel = 'y' # new\n# and a comment\n\n[a]\nb = 1\nc = 2\n");
    expect(Object.keys(tale.files())).toEqual(["config.toml"]);
  });

  test("the old value comes back as it was spelled", async () => {
    const tale = story({ "config.toml": "model_provider = 'azure' # work\n" });
    await tale.run(...APPLY, "--scope", "default");
    tale.write("config.toml", `# on top\n${tale.read("config.toml")}`);
    await tale.run("revert");
    expect(tale.read("config.toml")).toBe("# on top\nmodel_provider = 'azure' # work\n");
  });

  test("a removed legacy table comes back where it stood, with its comments", async () => {
    const legacy =
      "model = 'x'\n\n# slow\n[profiles.http_sse] # http\nmodel_provider = 'openai-http' # p\n\n[a]\nb = 1\n";
    const tale = story({ "config.toml": legacy });
    await tale.run(...APPLY);
    tale.write("config.toml", tale.read("config.toml").replace("b = 1", "b = 2"));
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(legacy.replace("b = 1", "b = 2"));
  });

  test("a removed dotted key comes back below the header that Codex has given its table", async () => {
    const tale = story({ "config.toml": 'tui.animations = false # calm\ntui.notifications = true\nmodel = "m"\n' });
    expect((await tale.run("unset", "tui.animations")).exit).toBe(0);
    tale.write("config.toml", 'model = "m"\n\n[tui]\nnotifications = true\n');
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe('model = "m"\n\n[tui]\nnotifications = true\nanimations = false # calm\n');
  });

  test("a profile file that Codex has written to keeps what Codex wrote", async () => {
    const tale = story();
    await tale.run(...APPLY);
    tale.write(
      "http_sse.config.toml",
      `${tale.read("http_sse.config.toml")}model = "gpt-5.5"\n\n[tui]\nscreen_reader_detection_done = true\n`,
    );
    await tale.run("revert");
    expect(tale.read("http_sse.config.toml")).toBe('model = "gpt-5.5"\n\n[tui]\nscreen_reader_detection_done = true\n');
  });

  test("--skip-conflicts leaves the changed table and takes the rest back", async () => {
    const tale = story();
    await tale.run(...APPLY);
    tale.write("config.toml", `${tale.read("config.toml")}stream_max_retries = 9\n`);
    const { exit, err } = await tale.run("revert", "--skip-conflicts");
    expect(exit).toBe(0);
    expect(err).toContain("1 path changed since and left alone");
    expect(Object.keys(tale.files())).toEqual(["config.toml"]);
    expect(tale.read("config.toml")).toContain("stream_max_retries = 9\n");
  });

  test("--force brings the old state back over it", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run(...APPLY);
    tale.write("config.toml", `${tale.read("config.toml")}stream_max_retries = 9\n`);
    expect((await tale.run("revert", "--force")).exit).toBe(0);
    expect(tale.files()).toEqual({ "config.toml": "600 a = 1\n" });
  });

  const OLD_SERVER = '[mcp_servers.x]\ncommand = "c" # mine\n';
  const OTHERS: Record<string, readonly [is: string, leaves: string]> = {
    "the same header": ['[tui]\n\n[mcp_servers.x]\ncommand = "foo"\n', '[tui]\n\n[mcp_servers.x]\ncommand = "c"\n'],
    "dotted keys": [
      'mcp_servers.x.command = "foo"\nmcp_servers.x.args = []\n[tui]\n',
      'mcp_servers.x.command = "c"\nmcp_servers.x.args = []\n[tui]\n',
    ],
    "dotted keys of an inline table": [
      'mcp_servers = { y = { url = "u" }, x.command = "foo", x.args = [] }\n[tui]\n',
      'mcp_servers = { y = { url = "u" }, x.command = "c", x.args = [] }\n[tui]\n',
    ],
    "an array of tables": ["[[mcp_servers.x]]\na = 1\n[tui]\n", `${OLD_SERVER}[tui]\n`],
    "a plain value": ["[mcp_servers]\nx = 5\n[tui]\n", `${OLD_SERVER}[mcp_servers]\n[tui]\n`],
    "a plain value in place of the table around it": ["mcp_servers = 5\n[tui]\n", `${OLD_SERVER}[tui]\n`],
  };

  test.each(Object.entries(OTHERS))("--force brings a removed table back over %s", async (_, [is, leaves]) => {
    const tale = story({ "config.toml": `${OLD_SERVER}[tui]\n` });
    await tale.run("unset", "mcp_servers.x");
    tale.write("config.toml", is);
    expect(await tale.run("revert")).toMatchObject({
      exit: 3,
      err: expect.stringContaining("codex-cfg revert --force\n"),
    });
    expect((await tale.run("revert", "--force")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(leaves);
  });

  test("a removed table comes back beside what others have put in its place", async () => {
    const tale = story({ "config.toml": `${OLD_SERVER}[tui]\n` });
    await tale.run("unset", "mcp_servers.x");
    tale.write("config.toml", '[mcp_servers.x.env]\nA = "1"\n[tui]\n');
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(`${OLD_SERVER}[mcp_servers.x.env]\nA = "1"\n[tui]\n`);
  });

  test("a removed table comes back into what is an inline table by now", async () => {
    const tale = story({ "config.toml": OLD_SERVER });
    await tale.run("unset", "mcp_servers.x");
    tale.write("config.toml", 'mcp_servers = { y = { url = "u" } }\n');
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe('# mine\nmcp_servers = { y = { url = "u" }, x.command = "c" }\n');
  });

  test("--force brings a provider back over the one that has been added since", async () => {
    const gateway = '[model_providers.gw]\nname = "gw"\nbase_url = "https://old.example/v1"\n';
    const tale = story({ "config.toml": gateway });
    await tale.run("provider", "remove", "gw");
    const added = ["provider", "add", "gw", "--base-url", "https://new.example/v1", "--env-key", "GW_KEY"];
    expect((await tale.run(...added)).exit).toBe(0);
    const [second, first] = (await tale.run("history")).out.split("\n").map((line) => line.split(" ")[0]);
    expect((await tale.run("revert", first ?? "")).err).toContain(
      `take the later change back first: codex-cfg revert ${second}\n  hint: or all of them: codex-cfg revert --all\n`,
    );
    expect((await tale.run("revert", first ?? "", "--force")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(`${gateway}env_key = "GW_KEY"\nwire_api = "responses"\n`);
  });

  test("what somebody has taken back already is skipped", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run(...APPLY);
    tale.write("config.toml", "a = 2\n");
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.files()).toEqual({ "config.toml": "600 a = 2\n" });
  });
});

/** The lines of history about what codex-cfg did. */
const ours = async (tale: Story) =>
  (await tale.run("history")).out
    .trim()
    .split("\n")
    .filter((line) => !line.includes("  changed by others"));

describe("history", () => {
  test("a change that somebody has taken back by hand counts as taken back once it is reverted, and only once", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run("set", "model", "gpt-5.5", ...NEW);
    tale.write("config.toml", "a = 1\n");
    const id = (await ours(tale))[0]?.split(" ")[0] ?? "";
    for (const said of ["no file had to change; it counts as taken back now\n", "nothing to revert\n"])
      expect(await tale.run("revert", id, ...NEW)).toEqual({ exit: 0, out: "", err: said });
    expect((await tale.run("history")).out.match(/^.*\(taken back\)$/gm)).toHaveLength(1);
    expect(await ours(tale)).toHaveLength(2);
    expect((await tale.run("status")).out).toContain("change    none in force");
  });

  test("a revert that has nothing left to bring back is remembered once, not every time", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run("set", "model", "gpt-5.5", ...NEW);
    tale.write("config.toml", 'a = 1\nmodel = "mine"\n');
    const id = (await ours(tale))[0]?.split(" ")[0] ?? "";
    expect((await tale.run("revert", id, "--skip-conflicts", ...NEW)).err).toMatch(/left alone[\s\S]*nothing to do\n$/);
    tale.write("config.toml", "a = 1\n");
    for (const said of ["no file had to change; it counts as taken back now\n", "nothing to revert\n"])
      expect((await tale.run("revert", id, "--force", ...NEW)).err).toBe(said);
    expect(await ours(tale)).toHaveLength(2);
  });

  test("--all names a path once that two changes set and somebody else has changed, and not its own changes", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    for (const model of ["gpt-5.4", "gpt-5.5"]) await tale.run("set", "model", model, ...NEW);
    tale.write("config.toml", tale.read("config.toml").replace("gpt-5.5", "mine"));
    const { exit, err } = await tale.run("revert", "--all");
    expect([exit, err]).toEqual([3, expect.stringContaining("so nothing was written: config.toml model [conflict]\n")]);
    expect(err).toContain("codex-cfg revert --all --skip-conflicts");
    expect((await tale.run("revert", "--all", "--skip-conflicts")).err).toContain("1 path changed since");
    expect((await tale.run("revert", "--all")).exit).toBe(3);
  });

  test("is read twice at most, however many changes there are", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    for (let i = 0; i < 5; i++) await tale.run("set", "model", `gpt-${i}`, ...NEW);
    const real = realHost().disk;
    const opened: string[] = [];
    const read = (path: string, limit: number) => {
      opened.push(path);
      return real.read(path, limit);
    };
    const host = hostFor(tale, { out: "", err: "" });
    expect(await main(["history"], Object.create(host, { disk: { value: { ...real, read } } }))).toBe(0);
    expect(opened.filter((path) => path.endsWith("record.json")).length).toBeLessThanOrEqual(10);
  });

  test("an older change can go while a newer one stays", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run(...APPLY, "--profile", "one", "--provider-id", "one");
    await tale.run(...APPLY, "--profile", "two", "--provider-id", "two");
    const first = (await tale.run("history")).out.trim().split("\n").at(-1)?.split(" ")[0] ?? "";
    expect((await tale.run("revert", first)).exit).toBe(0);
    expect(tale.read("config.toml")).not.toContain("[model_providers.one]");
    expect(tale.read("config.toml")).toContain("[model_providers.two]");
  });

  test("a conflict with a later change of our own names that change", async () => {
    const tale = story();
    await tale.run(...APPLY);
    await tale.run(...APPLY, "--name", "Other");
    const [second, first] = (await tale.run("history")).out.split("\n").map((line) => line.split(" ")[0]);
    const { exit, err } = await tale.run("revert", first ?? "");
    expect(exit).toBe(3);
    expect(err).toContain(`model_providers.openai-http.name (by ${second})`);
  });

  const TABLES = ["--codex-version", "0.133.0"];
  const FILES = ["--codex-version", "0.169.0"];

  test.each([
    ["config.toml profiles.http_sse.model_provider", [...TABLES], ["migrate", ...FILES]],
    ["http_sse.config.toml model_provider", [...FILES], ["migrate", ...TABLES]],
  ])("what migrate has carried away stands in the way of taking back %s alone", async (place, from, migrate) => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run("apply", "http-sse", ...from);
    const applied = tale.files();
    await tale.run(...migrate);
    const [second] = (await tale.run("history")).out.split(" ");
    const before = tale.files();
    const { exit, err } = await tale.run("revert", "http-sse", ...FILES);
    expect([exit, err]).toEqual([3, expect.stringContaining(`: ${place} (by ${second}) [conflict]\n`)]);
    expect(err).toContain(`codex-cfg revert ${second}\n  hint: or all of them: codex-cfg revert --all\n`);
    expect(tale.files()).toEqual(before);
    expect((await tale.run("revert", second ?? "", ...FILES)).exit).toBe(0);
    expect(tale.files()).toEqual(applied);
    expect((await tale.run("revert", "http-sse", ...FILES)).exit).toBe(0);
    expect(tale.files()).toEqual({ "config.toml": "600 a = 1\n" });
  });

  test("--all takes a change and the migration after it back together", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run("apply", "http-sse", ...TABLES);
    await tale.run("migrate", ...FILES);
    expect((await tale.run("revert", "--all", ...FILES)).exit).toBe(0);
    expect(tale.files()).toEqual({ "config.toml": "600 a = 1\n" });
  });

  test("what a later change of our own has removed for good stands in nobody's way", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run(...APPLY);
    expect((await tale.run("provider", "remove", "openai-http", "--force", ...FILES)).exit).toBe(0);
    expect((await tale.run("revert", "http-sse", ...FILES)).exit).toBe(0);
    expect(tale.files()).toEqual({ "config.toml": "600 a = 1\n" });
  });
});

describe("chats that need the provider", () => {
  const chat = (provider: string) =>
    `{"timestamp":"2026-01-01","type":"session_meta","payload":{"id":"x","model_provider":"${provider}","base_instructions":"${"x".repeat(9000)}"}}\n`;

  test("of several providers keep the table of each, and --all names them all", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    for (const id of ["one", "two"]) {
      await tale.run(...APPLY, "--profile", id, "--provider-id", id);
      tale.write(`sessions/2026/01/02/rollout-${id}.jsonl`, chat(id));
    }
    const { err } = await tale.run("revert", "--all");
    for (const id of ["one", "two"]) expect(err).toContain(`[model_providers.${id}] stays: 1 chat needs it`);
  });

  test("of another provider are no reason to keep it", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    await tale.run(...APPLY);
    tale.write("sessions/2026/01/02/rollout-3.jsonl", chat("openai"));
    await tale.run("revert");
    expect(tale.read("config.toml")).toBe("a = 1\n");
  });
});

test("a change that was interrupted past the point of no return is the newest one, and is taken back", async () => {
  const tale = story();
  await tale.run(...APPLY);
  const real = realHost();
  const disk = {
    ...real.disk,
    rename: (from: string, to: string) => {
      real.disk.rename(from, to);
      if (to.endsWith("commit.json")) throw new Error("dead");
    },
  };
  const dying = openStore(Object.create(real, { disk: { value: disk } }), tale.home, () =>
    join(tale.home, "config.toml"),
  );
  const changes = [{ file: "config", before: tale.read("config.toml"), after: "a = 2\n" }] as const;
  const commit = () => dying.commit(changes, { command: "die", touched: [] }, () => changes);
  expect(commit).toThrow("dead");
  const id = dying.pending()[0]?.id ?? "none";
  const pending = tale.files();
  expect([(await tale.run("revert", "--dry-run")).exit, tale.files()]).toEqual([0, pending]);
  const ran = await tale.run("revert");
  expect([ran.exit, ran.err]).toEqual([0, expect.stringContaining(id)]);
  expect(tale.read("config.toml")).toBe(changes[0].before);
});

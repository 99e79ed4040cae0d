/** What is refused, how it is said, and that nothing was written. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";
import { type Story, story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const APPLY = ["apply", "http-sse", ...NEW];

async function refused(tale: Story, argv: readonly string[], exit: number, ...sentences: string[]) {
  const before = tale.files();
  const ran = await tale.run(...argv);
  expect(ran.exit, ran.err).toBe(exit);
  for (const sentence of sentences) expect(ran.err).toContain(sentence);
  expect(tale.files()).toEqual(before);
  return ran;
}

describe("a home", () => {
  test("that does not exist in a folder that does not either is named, with what to do", async () => {
    const tale = story();
    await refused(
      tale,
      [...APPLY, "--codex-home", "/nowhere/at/all"],
      3,
      "/nowhere/at/all: there is no such Codex home [no-home]",
      "codex-cfg --codex-home DIR",
    );
  });

  test("without a name is refused", async () => {
    const [said, help] = ["the Codex home that is named is empty", "codex-cfg --codex-home DIR"];
    await refused(story(), [...APPLY, "--codex-home", ""], 2, said, help);
  });

  test("that is a file is refused", async () => {
    const tale = story({ "a-file": "" });
    await refused(tale, [...APPLY, "--codex-home", join(tale.home, "a-file")], 3, "the Codex home is not a folder");
  });

  test("reached through a link is fine, and the link stays", async () => {
    const tale = story();
    symlinkSync(tale.home, join(tale.root, "link"));
    expect((await tale.run(...APPLY, "--codex-home", join(tale.root, "link"))).exit).toBe(0);
    expect(Object.keys(tale.files())).toHaveLength(2);
  });
});

describe("what the system does not allow is no bug of codex-cfg:", () => {
  /** A machine in memory that refuses some calls. */
  async function run(refuses: (name: string, path: string) => boolean, ...argv: string[]) {
    const disk = new MemoryDisk();
    for (const folder of ["/home", "/home/u", "/home/u/.codex"]) disk.putFolder(folder);
    disk.now += 60_000;
    disk.onCall = (name, path) => {
      if (refuses(name, path)) throw Object.assign(new Error("EACCES"), { code: "EACCES", path });
    };
    const host = memoryHost({ disk });
    return { exit: await main([...argv, "--codex-version", "0.169.0"], host), ...host.printed };
  }

  test.each(["validate", "status", "doctor"])("a home that nobody may look at, to %s", async (verb) => {
    expect(await run((_, path) => path === "/home/u/.codex", verb)).toEqual({
      exit: 4,
      out: "",
      err: "error: /home/u/.codex: no permission [io]\n",
    });
  });

  test("a home that may be entered and not listed", async () => {
    const refuses = (name: string, path: string) => name === "list" && path === "/home/u/.codex";
    expect(await run(refuses, "validate")).toMatchObject({
      exit: 4,
      err: "error: /home/u/.codex: no permission [io]\n",
    });
    expect((await run(refuses, "set", "model", "x")).exit).toBe(0);
  });

  test("a home behind links that lead in a circle", async () => {
    const tale = story();
    symlinkSync("loop", join(tale.root, "loop"));
    for (const name of ["loop", "loop/home"]) {
      const home = join(tale.root, name);
      await refused(tale, ["status", "--codex-home", home], 4, `${home}: its links lead in a circle [io]`);
    }
  });

  test("what is a bug is still called one", async () => {
    const tale = story();
    tale.world.programs = () => {
      throw new TypeError("not to be");
    };
    expect(await tale.run("doctor")).toMatchObject({ exit: 70, err: expect.stringContaining("a bug in codex-cfg") });
  });
});

describe("config.toml", () => {
  test.each([
    [
      "that is not TOML, by line and column, never by its text",
      'a = 1\ntoken = "sk-not-to-be-seen\n',
      ["config.toml: not valid TOML at line 2, column", "[invalid-toml]"],
    ],
    ["with a duplicate table", "[a]\nx = 1\n[a]\ny = 2\n", ["not valid TOML at line 3"]],
    ["with a bare CR", "a = 1\rb = 2\n", ["not valid TOML at line 1"]],
    ["nested too deep", `a = ${"[".repeat(200)}${"]".repeat(200)}\n`, ["config.toml"]],
  ])("%s", async (_, text, sentences) => {
    const ran = await refused(story({ "config.toml": text }), APPLY, 3, ...sentences);
    expect(ran.err + ran.out).not.toContain("sk-not-to-be-seen");
  });

  test("that is not UTF-8 is refused by the byte", async () => {
    const tale = story();
    tale.write("config.toml", Buffer.from('a = 1\nb = "\xff"\n', "latin1"));
    await refused(tale, APPLY, 3, "11");
  });

  test("over 16 MiB is refused before it is read", async () => {
    const tale = story();
    tale.write("config.toml", `# ${"x".repeat(16 * 1024 * 1024)}\n`);
    await refused(tale, APPLY, 3, "16 MiB", "[unsafe-file]");
  });

  test.each([
    ["a folder", (path: string) => mkdirSync(path)],
    ["a pipe", (path: string) => execFileSync("mkfifo", [path])],
    ["a device", (path: string) => symlinkSync("/dev/zero", path)],
    ["a link to itself", (path: string) => symlinkSync("config.toml", path)],
  ])("that is %s is refused at once", async (_, make) => {
    const tale = story();
    make(join(tale.home, "config.toml"));
    const ran = await tale.run(...APPLY);
    expect(ran.exit).toBe(3);
    expect(ran.err).toContain("[unsafe-file]");
    rmSync(join(tale.home, "config.toml"), { recursive: true });
    expect(tale.files()).toEqual({});
  });

  describe.each([
    ["seen", "-n"],
    ["made", "-y"],
  ])("when a change is %s,", (_, how) => {
    const SET = ["set", "model", "x", how, ...NEW];

    test("that may not be written is refused with the command that helps", async () => {
      const tale = story();
      tale.write("config.toml", "a = 1\n", 0o444);
      const { out } = await refused(tale, SET, 3, "config.toml: it is read-only [unsafe-file]", "chmod u+w");
      expect(out).toContain('+model = "x"');
    });

    test("that a link leads to is not removed", async () => {
      const tale = story();
      symlinkSync(join(tale.root, "dotfile"), join(tale.home, "config.toml"));
      expect((await tale.run("set", "model", "x", "-y", ...NEW)).exit).toBe(0);
      await refused(tale, ["revert", how], 3, "this would remove the file behind it [unsafe-file]", "rm ");
      expect(readFileSync(join(tale.root, "dotfile"), "utf8")).toBe('model = "x"\n');
    });

    test("that has another name in the same change is refused", async () => {
      const tale = story({ "config.toml": '[profiles.a]\nmodel = "x"\n\n[profiles.b]\nreview_model = "y"\n' });
      for (const name of ["a", "b"]) symlinkSync("both", join(tale.home, `${name}.config.toml`));
      const said = "two of the files to change are links to one and the same [unsafe-file]";
      await refused(tale, ["migrate", how, ...NEW], 3, said, `ls -l ${tale.home}`);
    });
  });
});

describe("a name", () => {
  test.each(["../x", "a/b", "a.b", "", "é", "a b", "CON", "x".repeat(65), ".x"])("%j is no profile", async (name) => {
    await refused(story(), [...APPLY, "--profile", name], 2, "not a profile name", "--profile http_sse");
  });

  test.each(["openai", "ollama", "lmstudio", "amazon-bedrock", "gcp"])(
    "%s is a provider of Codex's own",
    async (id) => {
      await refused(
        story(),
        [...APPLY, "--provider-id", id],
        3,
        `${id} is a provider built into Codex 0.169.0`,
        "[reserved-provider]",
        `--provider-id ${id}-custom`,
      );
    },
  );

  test("gcp was free before Codex 0.165, and openai was never", async () => {
    const old = ["apply", "http-sse", "-n", "--provider-id"];
    expect((await story().run(...old, "gcp", "--codex-version", "0.164.0")).exit).toBe(0);
    await refused(story(), [...old, "openai", "--codex-version", "0.98.0"], 3, "ignores a table of that id");
  });

  test("of an unknown preset is answered with the nearest one", async () => {
    await refused(
      story(),
      ["apply", "htp-sse"],
      2,
      'there is no preset "htp-sse"',
      "did you mean: codex-cfg apply http-sse",
    );
  });

  test("of an unknown change is answered with where to look", async () => {
    await refused(story(), ["revert", "nope"], 2, "no entry or applied preset is called nope", "codex-cfg history");
  });
});

describe("the command line", () => {
  test.each([
    [["frobnicate"], 'there is no verb "frobnicate"'],
    [["apply"], "name a preset"],
    [[...APPLY, "--scope", "sideways"], "Allowed choices are profile, default"],
    [[...APPLY, "--frob"], "unknown option '--frob'"],
    [["apply", "http-sse", "--codex-version", "newest"], "not a Codex version: newest"],
    [["apply", "http-sse", "--codex-version", "0.134.x"], "not a Codex version: 0.134.x"],
    [["apply", "http-sse", "--codex-version", "134"], "not a Codex version: 134"],
    [[...APPLY, "--base-url", "gateway"], "--base-url is not an http or https address"],
    [["revert", "x", "--all"], "name one change or say --all"],
  ])("%j is wrong", async (argv, sentence) => {
    await refused(story(), argv, 2, sentence);
  });

  test.each([["\u001b[31mred"], ["status", "--\u202eevil"], ["revert", "a\u009bb"]])(
    "%j is not repeated raw",
    async (...argv) => {
      const ran = await refused(story(), argv, 2, "\\u{");
      expect(ran.err).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u);
    },
  );

  test("--help and --version succeed", async () => {
    const { run } = story();
    expect((await run("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await run("apply", "--help");
    expect(help.exit).toBe(0);
    expect(help.out).toContain("Examples:");
  });
});

describe("a lock", () => {
  test("that somebody holds is waited for, then named", { timeout: 20_000 }, async () => {
    const tale = story();
    mkdirSync(join(tale.home, ".codex-cfg"), { mode: 0o700 });
    writeFileSync(join(tale.home, ".codex-cfg", "lock"), "held by nobody knows whom\n", { mode: 0o600 });
    await refused(tale, APPLY, 3, "[locked]");
  });
});

test("a state folder that others could have written is not trusted", async () => {
  const tale = story({ "config.toml": "a = 1\n" });
  mkdirSync(join(tale.home, ".codex-cfg"));
  chmodSync(join(tale.home, ".codex-cfg"), 0o777);
  await refused(tale, APPLY, 3, ".codex-cfg", "[unsafe-file]", "chmod 700 ");
  // As on a Windows drive in WSL.
  chmodSync(tale.home, 0o777);
  await refused(tale, APPLY, 3, ".codex-cfg", "[unsafe-file]", "codex-cfg --codex-home DIR");
});

test.each([["validate"], ["doctor"], ["set", "model", "x"]])(
  "names that lead too deep are no bug: %s",
  async (...argv) => {
    const tale = story({ "config.toml": `model = "m"\n[${"a.".repeat(1999)}a]\nk = 1\n` });
    const said = "config.toml: nested deeper than 80 levels [unsafe-file]";
    await refused(tale, [...argv, "--codex-version", "0.169.0"], 3, said);
  },
);

describe("a wrong command line says what is wrong and one command that helps:", () => {
  const SERVERS = { "config.toml": '[mcp_servers.docs]\ncommand = "docs"\n' };

  test.each([
    [["aply", "http-sse"], 2, 'there is no verb "aply"', "did you mean: codex-cfg apply\n"],
    [["stauts", "get"], 2, 'there is no verb "stauts"', "did you mean: codex-cfg status\n"],
    [["histry", "show"], 2, 'there is no verb "histry"', "did you mean: codex-cfg history\n"],
    [["mcp", "isolte", "bisect"], 2, 'there is no verb "isolte" of mcp', "did you mean: codex-cfg mcp isolate\n"],
    [["apply", "nope"], 2, 'no preset "nope"', "codex-cfg presets"],
    [["apply", "http-sse", "--profile", "a b"], 2, 'not a profile name: "a b"', "--profile http_sse"],
    [["apply", "http-sse", "--base-url", "x"], 2, "--base-url is not an http or https address", "https://"],
    [
      ["apply", "http-sse", "--provider-id", "openai"],
      3,
      "openai is a provider built into Codex",
      "--provider-id openai-custom",
    ],
    [["set", "modle", "x"], 3, "modle is no setting of Codex", "did you mean: model"],
    [["set", "model_context_window", "many"], 3, "model_context_window takes", "codex-cfg get model_context_window"],
    [["revert", "nope"], 2, "no entry or applied preset is called nope", "codex-cfg history"],
    [["mcp", "disable", "dcos"], 2, 'no MCP server is called "dcos"', "codex-cfg mcp list"],
    [["mcp", "disable"], 2, "name servers, or say --all", "codex-cfg mcp disable --help"],
    [["auth-store", "set", "vault"], 2, "vault", "codex-cfg auth-store set"],
    [["doctor", "--symptom", "slow"], 2, "Allowed choices are ", "codex-cfg doctor --help"],
    [["undo"], 2, 'there is no verb "undo"', "did you mean: codex-cfg revert\n"],
    [["mcp", "off", "docs"], 2, 'there is no verb "off" of mcp', "did you mean: codex-cfg mcp disable docs\n"],
    [["mcp", "off", "sk-proj-not-a-name-but-a-key"], 2, "no verb", "did you mean: codex-cfg mcp disable\n"],
    [["provider", "use", "gw"], 2, 'no verb "use" of provider', "did you mean: codex-cfg set model_provider gw\n"],
    [["auth-store", "keyring"], 2, 'no verb "keyring"', "did you mean: codex-cfg auth-store set keyring\n"],
    [["set", "model"], 2, "no value is given", "codex-cfg set model --stdin\n"],
    [["apply", "http-sse", "--scop", "x"], 2, "unknown option '--scop'", "did you mean: --scope\n"],
    [["help", "mcp", "disble"], 2, 'no verb "disble" of mcp', "did you mean: codex-cfg mcp disable\n"],
    [["migrate", "--rename", "x"], 2, "not a new name", "codex-cfg migrate --rename"],
    [["status", "--codex-version", "newest"], 2, "not a Codex version: newest", "--codex-version 0."],
  ] as const)("%s", async (argv, exit, what, help) => {
    const version = argv.includes("--codex-version" as never) ? [] : ["--codex-version", "0.169.0"];
    const { err } = await refused(story(SERVERS), [...argv, ...version], exit, what);
    expect(err).toContain(help);
  });
});

test.skipIf(process.env.STORY_PROGRAM === "dist")("an editor that is not there is named, and one to take", async () => {
  const self = story({ "config.toml": 'model = "a"\n' });
  self.env.VISUAL = "/nobody/has/this";
  const { err, exit } = await self.run("edit", "--codex-version", "0.169.0");
  expect([exit, err]).toEqual([
    2,
    "error: /nobody/has/this: the editor cannot be started [usage]\n  hint: name one: EDITOR=nano codex-cfg edit\n",
  ]);
});

/** Lists to choose from: only where a person is there, and never instead of what scripts rely on. */
import { describe, expect, test } from "vitest";
import { LEAVE, type Story, story } from "../story.ts";
import { THREE_SERVERS } from "../three-servers.ts";

const NEW = ["--codex-version", "0.169.0"];

const isOn = (tale: Story) =>
  tale
    .run("mcp", "list", "--json", ...NEW)
    .then(({ out }) =>
      (JSON.parse(out).servers as { name: string; enabled: boolean }[]).flatMap(({ enabled, name }) =>
        enabled ? [name] : [],
      ),
    );

/** Runs a command with these answers, all of which it must ask for. */
async function asked(tale: Story, answers: readonly string[], ...argv: string[]) {
  tale.answers.push(...answers);
  const ran = await tale.run(...argv, ...NEW);
  expect(tale.answers).toEqual([]);
  return ran;
}

describe("without names", () => {
  test("disable offers the servers that are on, and turns the chosen ones off", async () => {
    const tale = story({ "config.toml": THREE_SERVERS });
    const { err, exit } = await asked(tale, ["git docs", "y"], "mcp", "disable");
    expect(exit).toBe(0);
    expect(err).toMatch(/^Turn which servers off\?\n- docs \(stdio\)\n- git \(stdio\)\n[^-]/);
    expect(await isOn(tale)).toEqual([]);
    expect((await tale.run("history")).out).toContain("mcp disable git docs");
  });

  test("enable offers those that are off", async () => {
    const tale = story({ "config.toml": THREE_SERVERS });
    const { err } = await asked(tale, ["web", "y"], "mcp", "enable");
    expect(err).toContain("Turn which servers on?\n- web (http)\n");
    expect(await isOn(tale)).toEqual(["docs", "git", "web"]);
  });

  test("isolate asks which may stay on, and none is an answer", async () => {
    for (const [answer, left] of [
      ["git", ["git"]],
      ["", []],
    ] as const) {
      const tale = story({ "config.toml": THREE_SERVERS });
      expect((await asked(tale, [answer, "y"], "mcp", "isolate")).exit).toBe(0);
      expect(await isOn(tale)).toEqual(left);
    }
  });

  test("revert offers the changes in force, newest first, and takes the chosen one back", async () => {
    const tale = story({ "config.toml": THREE_SERVERS });
    await tale.run("mcp", "disable", "docs", ...NEW);
    await tale.run("set", "model", "gpt-5.5", ...NEW);
    const entries = JSON.parse((await tale.run("history", "--json")).out).entries as { id: string }[];
    const { err, exit } = await asked(tale, [entries[1]?.id ?? "", "y"], "revert");
    expect(exit).toBe(0);
    expect(err).toMatch(
      /^Take which change back\?\n- 2030-01-02 03:04 {2}set model \(config\.toml\)\n- 2030-01-02 03:04 {2}mcp disable docs \(config\.toml\)\n/,
    );
    expect(tale.read("config.toml")).toBe(`model = "gpt-5.5"\n\n${THREE_SERVERS}`);
  });

  test("revert asks for no choice where one change is in force", async () => {
    const tale = story({ "config.toml": THREE_SERVERS });
    await tale.run("mcp", "disable", "docs", ...NEW);
    await tale.run("set", "model", "gpt-5.5", ...NEW);
    await tale.run("revert", ...NEW);
    await asked(tale, ["y"], "revert");
    expect(tale.read("config.toml")).toBe(THREE_SERVERS);
  });
});

describe("nothing is written", () => {
  test.each([["mcp", "disable"], ["mcp", "enable"], ["mcp", "isolate"], ["revert"]])(
    "when the list is left: %s %s",
    async (...argv) => {
      const tale = story({ "config.toml": THREE_SERVERS });
      await tale.run("set", "model", "gpt-5.5", ...NEW);
      await tale.run("set", "model", "gpt-5.4", ...NEW);
      const before = tale.files();
      tale.answers.push(LEAVE);
      const ran = await tale.run(...argv, ...NEW);
      expect(ran.exit).toBe(1);
      expect(ran.err).toMatch(/nothing was written\n$/);
      expect(tale.files()).toEqual(before);
    },
  );

  test("when the list is answered and the preview is not", async () => {
    const tale = story({ "config.toml": THREE_SERVERS });
    expect((await asked(tale, ["docs", "n"], "mcp", "disable")).exit).toBe(1);
    expect(tale.read("config.toml")).toBe(THREE_SERVERS);
  });
});

describe("a script meets no list:", () => {
  test("off a terminal each command is what it is without one", async () => {
    const tale = story({ "config.toml": THREE_SERVERS });
    await tale.run("set", "model", "gpt-5.5", ...NEW);
    await tale.run("set", "model", "gpt-5.4", ...NEW);
    expect(await tale.run("mcp", "disable", ...NEW)).toMatchObject({ exit: 2 });
    expect(await tale.run("mcp", "enable", ...NEW)).toMatchObject({ exit: 2 });
    expect((await tale.run("revert", ...NEW)).err).not.toContain("Take which");
    expect(tale.read("config.toml")).toContain('model = "gpt-5.5"');
    expect((await tale.run("mcp", "isolate", ...NEW)).exit).toBe(0);
    expect(await isOn(tale)).toEqual([]);
  });

  test.each([["-y"], ["--json"]])("nor with %s", async (flag) => {
    const tale = story({ "config.toml": THREE_SERVERS });
    tale.answers.push("never taken");
    expect((await tale.run("mcp", "disable", flag, ...NEW)).exit).toBe(2);
    expect((await tale.run("mcp", "isolate", flag, ...NEW)).exit).toBe(0);
    expect(tale.answers).toEqual(["never taken"]);
  });

  test("isolate takes names of servers that are left as they are", async () => {
    const tale = story({ "config.toml": THREE_SERVERS });
    expect((await tale.run("mcp", "isolate", "d*", ...NEW)).exit).toBe(0);
    expect(await isOn(tale)).toEqual(["docs"]);
    expect((await tale.run("history")).out).toContain("mcp isolate 'd*'");
    expect((await tale.run("mcp", "isolate", "nobody", ...NEW)).exit).toBe(2);
  });
});

describe("choices of doctor --fix", () => {
  const TEXT = '[mcp_servers.docs]\ncommand = "docs"\nurl = "https://docs.example/mcp"\n';

  test("are asked one by one, with leaving it first, and what is chosen is made", async () => {
    const tale = story({ "config.toml": TEXT });
    const { err, exit } = await asked(tale, ["2", "y"], "doctor", "--fix");
    expect(exit).toBe(0);
    expect(err).toMatch(
      /cannot have url\n- leave it \(.*\)\n- keep the program \(command\).*\n- keep the address \(url\)/,
    );
    expect(tale.read("config.toml")).toBe('[mcp_servers.docs]\nurl = "https://docs.example/mcp"\n');
  });

  test("that are left stay as they are, and are told as commands", async () => {
    const tale = story({ "config.toml": TEXT });
    const { err, exit } = await asked(tale, ["0"], "doctor", "--fix");
    expect(exit).toBe(1);
    expect(err).toContain("--choose mixed-transport:config:mcp_servers.docs=2");
    expect(tale.read("config.toml")).toBe(TEXT);
  });

  test("are not taken by -y, and not asked there", async () => {
    const tale = story({ "config.toml": TEXT });
    expect((await asked(tale, [], "doctor", "--fix", "-y")).exit).toBe(1);
    expect(tale.read("config.toml")).toBe(TEXT);
  });

  test("that there are not, and options of none, are refused", async () => {
    const tale = story({ "config.toml": TEXT });
    for (const [choice, exit] of [
      ["mixed-transport:config:mcp_servers.other=1", "unknown-name"],
      ["mixed-transport:config:mcp_servers.docs=3", "usage"],
    ] as const) {
      const ran = await asked(tale, [], "doctor", "--fix", "-y", "--choose", choice);
      expect([ran.exit, ran.err]).toEqual([2, expect.stringContaining(`[${exit}]`)]);
    }
    expect(tale.read("config.toml")).toBe(TEXT);
  });
});

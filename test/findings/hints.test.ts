/** Hints: data until they are printed, and then commands that name the same home and release, quoted for a shell. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { VERBS } from "../../src/cli/verbs.ts";
import { commandText, type Given, hintText } from "../../src/findings/hints.ts";
import { argvOf, type Hint } from "../../src/model/hint.ts";
import { story } from "../story.ts";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

const LIST = ["mcp", "list"];

describe("a hint reads", () => {
  test.each<[name: string, hint: Hint, given: Given, text: string]>([
    ["as its note alone", "look at it", { codexHome: "D" }, "look at it"],
    ["as its note and the command", { note: "see", argv: LIST }, {}, "see: codex-cfg mcp list"],
    ["as the command where there is no note", { note: "", argv: LIST }, {}, "codex-cfg mcp list"],
    ["with the home", { note: "see", argv: LIST }, { codexHome: "D" }, "see: codex-cfg --codex-home D mcp list"],
    [
      "with the home and the release",
      { note: "", argv: LIST },
      { codexHome: "a b", codexVersion: "0.130.0" },
      "codex-cfg --codex-home 'a b' --codex-version 0.130.0 mcp list",
    ],
    [
      "without the home where it names another",
      { note: "", argv: ["--codex-home", "DIR", "status"] },
      { codexHome: "D", codexVersion: "0.130.0" },
      "codex-cfg --codex-version 0.130.0 --codex-home DIR status",
    ],
    ["as another program's line, as it is", { note: "x", shell: "a && b" }, { codexHome: "D" }, "x: a && b"],
  ])("%s", (_, hint, given, text) => {
    expect(hintText(hint, given)).toBe(text);
  });

  test.each([
    ["plain ones stand where people write them", ["a"], ["--force"], ["x", "y", "a", "--force"]],
    ["one with a dash is no option", ["-a"], ["--force"], ["x", "y", "--force", "--", "-a"]],
  ])("names: %s", (_, names, options, argv) => {
    expect(argvOf("x y", names, options)).toEqual(argv);
  });

  test.each(["", "a b", "it's", '$HOME `id` \\ "x"', "=ls", "~", "*", "-x", "a=b", "é", "!!", "a;b"])(
    "so that a shell gives back %j",
    (name) => {
      const line = commandText(["get", name], { codexHome: name }).replace("codex-cfg", "printf '%s\\0'");
      const words = execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" }).split("\0");
      expect(words).toEqual(["--codex-home", name, "get", name, ""]);
    },
  );
});

describe("a command that is told names the home and the release of the command line,", () => {
  const GATEWAY = '[model_providers.openai-http]\nname = "mine"\nbase_url = "https://gateway.example/v1"\n';
  const cases: readonly (readonly [name: string, argv: readonly string[], told: string])[] = [
    ["in an error", ["apply", "http-sse"], "use another id: codex-cfg @apply http-sse --provider-id openai-http-2\n"],
    ["after a change", ["set", "model", "a"], "take it back with: codex-cfg @revert\n"],
    ["in a finding", ["apply", "http-sse", "--overwrite"], "app: codex-cfg @apply http-sse --scope default\n"],
    ["for a mistyped line", ["set"], "how it is used: codex-cfg @set --help"],
  ];
  test.each(cases)("%s", async (_, argv, told) => {
    const tale = story({ "config.toml": GATEWAY });
    tale.cwd = tale.root;
    const given = ["--codex-home", "home", "--codex-version", "0.130.0"];
    const json = argv.length === 1 ? ["--json"] : [];
    const { err, out } = await tale.runRaw(...given, ...argv, ...json);
    expect(err + out).toContain(told.replace("@", `${given.join(" ")} `));
  });

  test.each(cases)("and neither where neither was named: %s", async (_, argv, told) => {
    const tale = story({ "config.toml": GATEWAY });
    const { err, out } = await tale.runRaw(...argv, ...(argv.length === 1 ? ["--json"] : []));
    expect(err + out).toContain(told.replace("@", ""));
  });

  test("and the one that a release needs which another is asked for", async () => {
    const tale = story({ "config.toml": "" });
    const { err } = await tale.runRaw("--codex-version", "0.130.0", "migrate", "--as-default");
    expect(err).toContain(": codex-cfg --codex-version 0.130.0 set profile NAME\n");
  });
});

test("a revert of a preset whose name has a blank says a command that a shell takes", async () => {
  const tale = story({ "config.toml": 'model = "a"\n' });
  tale.write("codex-cfg.presets.toml", '["my preset".settings]\nmodel = "b"\n');
  await tale.run("apply", "my preset");
  tale.write("config.toml", 'model = "c"\n');
  const { err } = await tale.run("revert", "my preset");
  expect(err).toContain(": codex-cfg revert 'my preset' --force\n");
  expect((await tale.run("revert", "my preset", "--force")).exit).toBe(0);
});

test("a provider whose name begins with a dash is removed by the command that is told", async () => {
  const tale = story({ "config.toml": 'model_provider = "-x"\n[model_providers.-x]\nname = "x"\n' });
  const { err } = await tale.run("provider", "remove", "--", "-x");
  expect(err).toContain(": codex-cfg provider remove --force -- -x\n");
  expect((await tale.run("provider", "remove", "--force", "--", "-x")).exit).toBe(0);
});

const VERB = new RegExp(`codex-cfg (?:--|${Object.keys(VERBS).join("|")})`);

test("no text spells a command of ours: what is told is data", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/^cli.(commands|completion|help)\b/.test(file))
    .sort();
  expect(files.length).toBeGreaterThan(100);
  const spelled = files.flatMap((file) =>
    readFileSync(join(SRC, file), "utf8")
      .split("\n")
      .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line) && VERB.test(line))
      .map((line) => line.trim()),
  );
  // A home and an editor that only a shell can name, and a comment for a file.
  expect(spelled).toEqual([
    expect.stringContaining("codex-cfg --codex-home ~/.codex status"),
    expect.stringContaining("EDITOR=nano codex-cfg edit"),
    expect.stringContaining("Take it back with: codex-cfg revert http-sse"),
  ]);
});

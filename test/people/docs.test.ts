/** What the documentation says to type is typed here: every block of every page, and every example of the help. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { EXIT_CODES } from "../../src/model/error.ts";
import { AS_PROGRAM } from "../as-program.ts";
import { type Person, person } from "./terminal.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const pageText = (name: string) => readFileSync(join(ROOT, "docs", name), "utf8");
const PAGES = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));

const HOME = {
  "config.toml": `model = "gpt-5.4"

[mcp_servers.docs]
command = "docs"

[mcp_servers.git]
command = "git"
`,
};

type Block = { readonly mark: string; readonly text: string };

/** The blocks of a kind in a page; those in a list are indented. */
function blocksIn(text: string, kind: string): Block[] {
  const fence = new RegExp(`^( *)\`\`\`${kind}(?: (\\w+))?\\n([\\s\\S]*?)^ *\`\`\`$`, "gm");
  return [...text.matchAll(fence)].map(([, indent = "", mark = "", body = ""]) => ({
    mark,
    text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** A block as a script that stops at the first line which does not end as it should, or as its comment says. */
function scriptOf({ text }: Block): string {
  const lines = text.split("\n").map((line) => {
    const wanted = /# exit code (\d+)/.exec(line)?.[1];
    return wanted === undefined ? line : `code=0; ${line.replace(/\s+#.*/, "")} || code=$?; [ "$code" = ${wanted} ]`;
  });
  return lines.join("\n");
}

function sh(who: Person, script: string) {
  const env = { ...who.env, CODEX_HOME: who.home };
  return spawnSync("sh", ["-ec", script], { cwd: who.root, env, encoding: "utf8" });
}

describe("the pages", () => {
  const commands = PAGES.flatMap((name) => blocksIn(pageText(name), "sh").map((block) => ({ name, ...block })));

  test.each([...new Set(commands.map(({ name }) => name))])("%s says what can be typed, from top to bottom", (name) => {
    const who = person(HOME);
    for (const block of commands.filter((one) => one.name === name && one.mark === "")) {
      const { status, stderr, stdout } = sh(who, scriptOf(block));
      expect(status, `${block.text}${stdout}${stderr}`).toBe(0);
    }
  });

  test("mark what needs a Codex, a checkout or a network, and nothing else", () => {
    const marked = commands.filter(({ mark }) => mark !== "").map(({ name, mark, text }) => [name, mark, text.trim()]);
    expect(marked).toEqual([
      ["codex-releases.md", "codex", "node scripts/probe-codex.js VERSION\nnode scripts/probe-presence.js BINARY…"],
      ["codex-releases.md", "codex", "node scripts/build-schema.js"],
      ["codex-releases.md", "network", "npm run test:codex"],
    ]);
  });

  test("have no block that nobody runs or reads", () => {
    const kinds = PAGES.flatMap((name) => [...pageText(name).matchAll(/^ *```(\w.*)$/gm)].map(([, kind]) => kind));
    expect([...new Set(kinds)].sort()).toEqual(["diff", "sh", "sh codex", "sh network", "text", "ts"]);
  });

  test("list every error code with its exit code", () => {
    const wanted = Object.entries(EXIT_CODES).map(([code, exit]) => `${code} ${exit}`);
    const rows = [...pageText("json.md").matchAll(/^\| ((?:`[\w-]+`(?:, )?)+) \| (\d+) \|/gm)];
    const listed = rows.flatMap(([, codes = "", exit]) =>
      [...codes.matchAll(/[\w-]+/g)].map(([code]) => `${code} ${exit}`),
    );
    expect(listed.sort()).toEqual(wanted.sort());
  });

  test("link to what is there, and name each other", () => {
    for (const name of PAGES) {
      for (const [, target = ""] of pageText(name).matchAll(/\]\((?!https?:)([^)#]+)\)/g))
        expect(() => readFileSync(join(ROOT, "docs", target)), `${name}: ${target}`).not.toThrow(/ENOENT/);
    }
    const index = pageText("README.md");
    for (const name of PAGES.filter((page) => page !== "README.md")) expect(index).toContain(`](${name})`);
  });

  test("and the README, whose commands all run, name what is there", () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    for (const [, target = ""] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(() => readFileSync(join(ROOT, target)), target).not.toThrow(/ENOENT/);
    const spelled = [...readme.matchAll(/`(codex-cfg [^`]+)`/g)].map(([, command = ""]) => command);
    const typed = blocksIn(readme, "sh").flatMap(({ text }) =>
      text.split("\n").filter((line) => /^codex-cfg /.test(line)),
    );
    const commands = [...new Set([...spelled, ...typed])];
    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands) {
      const { status, stderr } = sh(person(HOME), command);
      expect(status, `${command}\n${stderr}`).toBe(/doctor$/.test(command) ? 1 : 0);
    }
  });

  test("have pictures of what the program shows", () => {
    const drawn = spawnSync(process.execPath, [join(ROOT, "scripts/pictures.js"), "--check"], { encoding: "utf8" });
    expect(drawn.stderr).toBe("");
    expect(drawn.status).toBe(0);
  });

  test("have a program that runs", async () => {
    const [program, ...more] = blocksIn(pageText("library.md"), "ts");
    expect(more).toEqual([]);
    const who = person(HOME);
    const built = await build({
      stdin: { contents: program?.text ?? "", loader: "ts", resolveDir: ROOT },
      alias: { "codex-cfg": join(ROOT, "dist/index.js") },
      ...AS_PROGRAM,
      write: false,
    });
    writeFileSync(join(who.root, "program.mjs"), built.outputFiles[0]?.contents ?? "");
    const { stdout, stderr } = sh(who, "node program.mjs");
    expect(stderr).toBe("");
    expect(stdout).toContain("{ command: 'docs' }\n");
    expect(stdout).toContain("+enabled = false\n");
    expect(readFileSync(join(who.home, "config.toml"), "utf8")).toBe(HOME["config.toml"]);
  });
});

describe("the help", () => {
  const text = pageText("cli.md");

  test("is what the page says", () => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/docs.js"), "--check"], {
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
  });

  const sections = text
    .split(/^## codex-cfg ?/m)
    .slice(1)
    .map((section) => section.split("\n", 1)[0] ?? "");
  const examples = text.split(/^## /m).flatMap((section) => {
    const shown = /\nExamples?:\n((?: {2}\S.*\n)+)/.exec(section)?.[1] ?? "";
    return shown
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [[section.split("\n", 1)[0], line.trim()] as const]));
  });

  test("of every verb has an example", () => {
    const shown = new Set(examples.map(([verb]) => verb));
    expect(sections.filter((verb) => verb !== "" && !shown.has(`codex-cfg ${verb}`))).toEqual([]);
  });

  /** What has to be there before an example makes sense. */
  const BEFORE: Readonly<Record<string, string>> = {
    "codex-cfg mcp bisect good": "codex-cfg mcp bisect start",
    "codex-cfg mcp bisect bad": "codex-cfg mcp bisect start",
    "codex-cfg mcp bisect reset": "codex-cfg mcp bisect start",
    "codex-cfg revert": "codex-cfg apply http-sse",
    "codex-cfg show": "codex-cfg apply http-sse",
    "codex-cfg diff": "codex-cfg apply http-sse",
    "codex-cfg set": "touch $CODEX_HOME/lean.config.toml",
    "codex-cfg unset": "codex-cfg set model_reasoning_effort high",
    "codex-cfg apply": `printf '[litellm]\\nparameters.model = {}\\nsettings.model = "\${model}"\\n' >$CODEX_HOME/codex-cfg.presets.toml`,
    "codex-cfg validate": "cp $CODEX_HOME/config.toml .",
    "codex-cfg migrate --rename 'my profile=my-profile'":
      'printf \'[profiles."my profile"]\nmodel = "x"\n\' >>$CODEX_HOME/config.toml',
    "codex-cfg migrate": "printf '[profiles.fast]\nmodel = \"x\"\n' >>$CODEX_HOME/config.toml",
    "codex-cfg provider remove": "codex-cfg provider add gateway --base-url https://gateway.example/v1",
    "codex-cfg mcp": "touch $CODEX_HOME/lean.config.toml",
  };

  /** A search without a failure, and a machine on which doctor finds something, say so. */
  const NO = ["codex-cfg doctor", "codex-cfg mcp bisect", "codex-cfg mcp bisect run", "codex-cfg migrate"];

  test.each(examples)("%s: %s", (verb = "", line) => {
    const who = person(HOME);
    const codex = '#!/bin/sh\n[ "$1" = --version ] && echo "codex-cli 0.169.0"\nexit 0\n';
    writeFileSync(join(who.root, "bin/codex"), codex, { mode: 0o755 });
    expect(sh(who, BEFORE[line] ?? BEFORE[verb] ?? ":")).toMatchObject({ status: 0 });
    const { status, stderr, stdout } = sh(who, line);
    expect(NO.includes(verb) ? [0, 1] : [0], stdout + stderr).toContain(status);
  });
});

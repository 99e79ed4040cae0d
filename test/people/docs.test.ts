/** What the documentation says to type is typed here: every block of every page, and every example of the help. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { EXIT_CODES } from "../../src/model/error.ts";
import { AS_PROGRAM } from "../as-program.ts";
import { type Person, person } from "./terminal.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const pageText = (name: string) => readFileSync(join(ROOT, "docs", name), "utf8");
const PAGES = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".md"),
);

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
  // An editor that leaves a file as it is, at once: what somebody types into one is no matter of the pages.
  const env = { EDITOR: "true", ...who.env, CODEX_HOME: who.home };
  return spawnSync("sh", ["-ec", script], { cwd: who.root, env, encoding: "utf8" });
}

/** The same person with a Codex that loads everything. */
function withCodex(who: Person): Person {
  const codex = '#!/bin/sh\n[ "$1" = --version ] && echo "codex-cli 0.169.0"\nexit 0\n';
  writeFileSync(join(who.root, "bin/codex"), codex, { mode: 0o755 });
  return who;
}

/** The blocks of TypeScript of a page, which are one program. */
function programOf(page: string): string {
  const blocks = blocksIn(readFileSync(join(ROOT, page), "utf8"), "ts").map(({ text }) => text);
  expect(blocks.length).toBeGreaterThan(0);
  return blocks.join("\n");
}

/** The headings of a page as links name them. */
function headingsOf(name: string): string[] {
  const headings = [...readFileSync(join(ROOT, name), "utf8").matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe("the pages", () => {
  const commands = PAGES.flatMap((name) => blocksIn(pageText(name), "sh").map((block) => ({ name, ...block })));

  test.each([...new Set(commands.map(({ name }) => name))])("%s says what can be typed, from top to bottom", (name) => {
    const who = withCodex(person(HOME));
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
    expect([...new Set(kinds)].sort()).toEqual(["diff", "json", "sh", "sh codex", "sh network", "text", "toml", "ts"]);
  });

  test("show a fact as it stands among the facts", () => {
    const { facts } = JSON.parse(readFileSync(join(ROOT, "src/codex/facts.json"), "utf8"));
    const [block, ...more] = blocksIn(pageText("codex-releases.md"), "json").map(({ text }) => JSON.parse(`{${text}}`));
    expect([Object.keys(block), more]).toEqual([["strictConfig"], []]);
    expect(facts).toMatchObject(block);
  });

  test("and those for contributors name files, scripts and rooms that there are", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    for (const name of [...PAGES.map((page) => join("docs", page)), "CONTRIBUTING.md", "README.md", "SECURITY.md"]) {
      const text = readFileSync(join(ROOT, name), "utf8");
      for (const [, path = ""] of text.matchAll(/`((?:src|test|scripts|schemas|examples|bench)\/[\w./-]+)`/g))
        expect(existsSync(join(ROOT, path)) || /\/[A-Z]+\./.test(path), `${name}: ${path}`).toBe(true);
      for (const [, script = ""] of text.matchAll(/npm run ([\w:]+)/g))
        expect(Object.keys(scripts), name).toContain(script);
    }
    const rooms = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const page of ["CONTRIBUTING.md", "docs/architecture.md"]) {
      const rows = [...readFileSync(join(ROOT, page), "utf8").matchAll(/^\| `(\w+)` \|/gm)].map(([, room]) => room);
      expect(rows.sort(), page).toEqual(rooms.map(({ name }) => name).sort());
    }
  });

  test("list every error code with its exit code", () => {
    const wanted = Object.entries(EXIT_CODES).map(([code, exit]) => `${code} ${exit}`);
    const rows = [...pageText("json.md").matchAll(/^\| ((?:`[\w-]+`(?:, )?)+) \| (\d+) \|/gm)];
    const listed = rows.flatMap(([, codes = "", exit]) =>
      [...codes.matchAll(/[\w-]+/g)].map(([code]) => `${code} ${exit}`),
    );
    expect(listed.sort()).toEqual(wanted.sort());
  });

  test("link to what is there, down to the heading", () => {
    const others = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "examples/README.md"];
    for (const name of [...PAGES.map((page) => join("docs", page)), ...others]) {
      const text = readFileSync(join(ROOT, name), "utf8");
      for (const [, file = "", heading = ""] of text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
        const target = file === "" ? name : join(dirname(name), file);
        expect(existsSync(join(ROOT, target)), `${name}: ${target}`).toBe(true);
        if (heading !== "") expect(headingsOf(target), `${name}: ${target}`).toContain(heading);
      }
    }
  });

  test("are each named by the page of their folder", () => {
    for (const folder of ["", "decisions"]) {
      const index = pageText(join(folder, "README.md"));
      const pages = PAGES.filter((page) => join(dirname(page), ".") === join(folder, "."));
      expect(pages.length).toBeGreaterThan(5);
      for (const page of pages.map((one) => basename(one)).filter((one) => one !== "README.md"))
        expect(index).toContain(`](${page})`);
    }
    expect(pageText("README.md")).toContain("](decisions/README.md)");
  });

  test("have one word for one thing in the glossary, in order", () => {
    const words = [...pageText("GLOSSARY.md").matchAll(/^\*\*(.+?)\*\*/gm)].map(([, word = ""]) => word.toLowerCase());
    expect(words.length).toBeGreaterThan(25);
    expect(words).toEqual([...new Set(words)].sort());
  });

  test("and the README, whose commands all run, name what is there", () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
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

  test.each([
    ["docs/library.md", ["+enabled = false", "unknown-key 5 ", "unknown-name 2 "]],
    ["README.md", ["+enabled = false"]],
  ])("%s has a program that runs, and leaves the home as it was", async (page, shown) => {
    const who = withCodex(person(HOME));
    const built = await build({
      stdin: { contents: programOf(page), loader: "ts", resolveDir: ROOT },
      external: ["codex-cfg"],
      ...AS_PROGRAM,
      write: false,
    });
    mkdirSync(join(who.root, "node_modules"));
    symlinkSync(ROOT, join(who.root, "node_modules/codex-cfg"));
    writeFileSync(join(who.root, "program.mjs"), built.outputFiles[0]?.contents ?? "");
    const { status, stderr, stdout } = sh(who, "node program.mjs");
    expect([status, stderr]).toEqual([0, ""]);
    for (const text of shown) expect(stdout).toContain(text);
    expect(readFileSync(join(who.home, "config.toml"), "utf8")).toBe(HOME["config.toml"]);
  });

  test("shows every function of the library", () => {
    const face = readFileSync(join(ROOT, "src/index.ts"), "utf8");
    const exported = [...face.matchAll(/^export \{([^}]*)\} from/gm)].flatMap(([, names = ""]) =>
      names.split(",").filter((name) => !name.trim().startsWith("type ")),
    );
    const own = [...face.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name = ""]) => name);
    const functions = [...exported.map((name) => name.trim()), ...own].filter((name) => name !== "");
    expect(functions.length).toBeGreaterThan(20);
    const program = programOf("docs/library.md").replace(/^import \{[^}]*\}/, "");
    expect(functions.filter((name) => !new RegExp(`\\b${name}\\b`).test(program))).toEqual([]);
  });
});

describe("the recipes against loss", () => {
  const page = pageText("recovery.md");
  const by = (who: Person): readonly string[] =>
    JSON.parse(sh(who, "codex-cfg history --json").stdout).entries.map((one: { readonly by: string }) => one.by);
  /** A shorter file counts as whole when it has rested for a second. */
  const WRITES = `printf '[desktop]\\nx = 1\\n' > "$CODEX_HOME/config.toml"; sleep 1.1`;

  test("around every codex: what it wrote is an entry, its exit code is kept, and what it lost comes back", () => {
    const who = person(HOME);
    writeFileSync(join(who.root, "bin/codex"), `#!/bin/sh\n${WRITES}\nexit 7\n`, { mode: 0o755 });
    const recipe = blocksIn(page, "sh").find(({ text }) => text.startsWith("codex()"))?.text;
    expect(sh(who, `set +e\n${recipe}\ncodex exec hello\nexit $?`).status).toBe(7);
    expect(by(who)).toEqual(["others"]);
    expect(sh(who, "codex-cfg restore -y").status).toBe(0);
    expect(readFileSync(join(who.home, "config.toml"), "utf8")).toContain('command = "git"');
  });

  test.each([
    ["cron", /^\*\/10 \* \* \* \* (.+)$/m],
    ["a hook of Codex", /^command = "(.+)"$/m],
  ])("by %s: the command keeps what there is, and says nothing", (_, pattern) => {
    const who = person(HOME);
    const command = pattern.exec(page)?.[1] ?? "exit 99";
    for (const before of ["", WRITES]) {
      sh(who, before);
      expect(sh(who, command)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    }
    expect(by(who)).toEqual(["others"]);
  });

  test("name settings that count", () => {
    const who = person(HOME);
    const folder = join(who.root, ".config/codex-cfg");
    const settings = blocksIn(page, "toml").find(({ text }) => text.startsWith("record"))?.text ?? "";
    sh(who, `mkdir -p ${folder}; codex-cfg record`);
    writeFileSync(join(folder, "codex-cfg.toml"), settings.replace("true", "false"));
    sh(who, `${WRITES}; HOME=${who.root} codex-cfg record`);
    expect(sh(who, `HOME=${who.root} codex-cfg history`).stdout).toBe("");
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
    const shown = /\nExamples?:\n((?: {2}\S.*\n)+)/.exec(section.replace(/ \\\n +/g, " "))?.[1] ?? "";
    return shown
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [[section.split("\n", 1)[0], line.trim()] as const]));
  });

  test("of every verb has an example", () => {
    const shown = new Set(examples.map(([verb]) => verb));
    expect(sections.filter((verb) => verb !== "" && !shown.has(`codex-cfg ${verb}`))).toEqual([]);
  });

  const PROFILES = "codex-cfg profile new work --set model=gpt-5.5 && codex-cfg profile new home";

  /** What has to be there before an example makes sense. */
  const BEFORE: Readonly<Record<string, string>> = {
    "codex-cfg mcp bisect good": "codex-cfg mcp bisect start",
    "codex-cfg mcp bisect bad": "codex-cfg mcp bisect start",
    "codex-cfg mcp bisect reset": "codex-cfg mcp bisect start",
    "codex-cfg revert": "codex-cfg apply http-sse",
    "codex-cfg show": "codex-cfg apply http-sse",
    "codex-cfg diff": "codex-cfg apply http-sse",
    "EDITOR=nano codex-cfg edit -p work": `${PROFILES}; printf '#!/bin/sh\\n' >bin/nano; chmod +x bin/nano`,
    "codex-cfg set": "touch $CODEX_HOME/lean.config.toml",
    "codex-cfg set 'skills.config[path=/a].enabled' false":
      "printf '[[skills.config]]\\npath = \"/a\"\\n' >>$CODEX_HOME/config.toml",
    "pass show docs | codex-cfg set mcp_servers.docs.env.API_KEY --stdin":
      "printf '#!/bin/sh\\necho not-a-real-secret\\n' >bin/pass; chmod +x bin/pass",
    "codex-cfg unset": "codex-cfg set model_reasoning_effort high",
    "codex-cfg apply": `printf '[litellm]\\nparameters.model = {}\\nsettings.model = "\${model}"\\n' >$CODEX_HOME/codex-cfg.presets.toml`,
    "codex-cfg validate": "cp $CODEX_HOME/config.toml .",
    "codex-cfg migrate --rename 'my profile=my-profile'":
      'printf \'[profiles."my profile"]\nmodel = "x"\n\' >>$CODEX_HOME/config.toml',
    "codex-cfg migrate": "printf '[profiles.fast]\nmodel = \"x\"\n' >>$CODEX_HOME/config.toml",
    "codex-cfg provider remove": "codex-cfg provider add gateway --base-url https://gateway.example/v1",
    "codex-cfg profile show work": PROFILES,
    "codex-cfg profile diff": PROFILES,
    "codex-cfg profile copy": PROFILES,
    "codex-cfg profile rename": PROFILES,
    "codex-cfg profile delete": PROFILES,
    "codex-cfg profile save": `${PROFILES} && codex-cfg use work`,
    "codex-cfg use": PROFILES,
    "codex-cfg run": PROFILES,
    "codex-cfg presets save": PROFILES,
    "codex-cfg mcp": "touch $CODEX_HOME/lean.config.toml",
  };

  /** A search without a failure, and a machine on which doctor finds something, say so. */
  const NO = ["codex-cfg doctor", "codex-cfg mcp bisect", "codex-cfg mcp bisect run", "codex-cfg migrate"];

  test.each(examples)("%s: %s", (verb = "", line) => {
    const who = withCodex(person(HOME));
    expect(sh(who, BEFORE[line] ?? BEFORE[verb] ?? ":")).toMatchObject({ status: 0 });
    const { status, stderr, stdout } = sh(who, line);
    expect(NO.includes(verb) ? [0, 1] : [0], stdout + stderr).toContain(status);
  });
});

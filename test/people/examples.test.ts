/** The examples that people copy, run as they stand: scripts, a CI job step by step, a fleet's tasks by their command lines. */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultLoaders } from "cosmiconfig";
import { describe, expect, test } from "vitest";
import { type Person, person } from "./terminal.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const exampleText = (name: string) => readFileSync(join(EXAMPLES, name), "utf8");
const yaml = (name: string) => defaultLoaders[".yaml"](name, exampleText(name));

type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

function run({ env, root }: Person, file: string, args: readonly string[], more: Record<string, string> = {}): Ran {
  const { status, stderr, stdout } = spawnSync(file, args, { cwd: root, env: { ...env, ...more }, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("the dotfiles script", () => {
  test("leaves the link a link, and the change in the dotfile, however often it runs", () => {
    const who = person();
    const [dotfiles, home] = [join(who.root, "dots"), join(who.root, "linked")];
    for (const diff of [/^\+model_provider = "openai-http"$/m, /^still/]) {
      const { status, stderr, stdout } = run(who, "sh", [join(EXAMPLES, "dotfiles/link.sh"), dotfiles, home]);
      expect(status, stderr).toBe(0);
      expect(stdout).toMatch(diff);
      expect(stdout).toMatch(/still a link\nthe dotfile has the change\nnobody else has touched it\n$/);
    }
    expect(readFileSync(join(dotfiles, "codex/config.toml"), "utf8")).toMatch(/^model = "gpt-5\.5" # mine\n/);
  });

  test("stops where somebody else has written since", () => {
    const who = person();
    const [dotfiles, home] = [join(who.root, "dots"), join(who.root, "linked")];
    const args = [join(EXAMPLES, "dotfiles/link.sh"), dotfiles, home];
    run(who, "sh", args);
    const file = join(dotfiles, "codex/config.toml");
    writeFileSync(file, `# theirs\n${readFileSync(file, "utf8")}`);
    expect(run(who, "sh", args)).toMatchObject({ status: 1, stdout: expect.stringContaining("+# theirs") });
  });
});

describe("the broken home", () => {
  test("is mended step by step, and comes back byte for byte", () => {
    const who = person();
    const { status, stderr, stdout } = run(who, "sh", [join(EXAMPLES, "broken/walk.sh"), who.home]);
    expect(status, stderr).toBe(0);
    expect(stdout.match(/^(doctor.*: \d|as it was)$/gm)).toEqual(["doctor: 1", "doctor --fix: 1", "as it was"]);
    expect(stderr).toContain("0 errors, 0 warnings; Codex 0.169.0 loads this, with --strict-config, too\n");
    expect(readFileSync(join(who.home, "mended.toml"), "utf8")).toContain("[mcp_servers.docs]\n");
  });
});

describe("the CI job", () => {
  type Job = { jobs: { validate: { strategy: { matrix: { codex: string[] } }; steps: { run?: string }[] } } };
  const { jobs } = yaml("ci/codex-config.yml") as Job;
  const { steps, strategy } = jobs.validate;

  /** A repository with this config, in which the package beside it is the program that is tested. */
  const check = (config: string, codex: string): Ran => {
    const who = person();
    writeFileSync(join(who.root, "bin/npx"), '#!/bin/sh\n[ "$1" = --yes ] && shift 2 && exec codex-cfg "$@"\n', {
      mode: 0o755,
    });
    mkdirSync(join(who.root, "codex"));
    writeFileSync(join(who.root, "codex/config.toml"), config);
    const [script = "", ...more] = steps.flatMap((step) => step.run ?? []);
    expect(more).toEqual([]);
    return run(who, "bash", ["-eo", "pipefail", "-c", script], { CODEX: codex });
  };

  test.each(strategy.matrix.codex)("passes a sound config for Codex %s", (codex) => {
    expect(check('model = "gpt-5.5"\n', codex)).toMatchObject({ status: 0, stdout: "" });
  });

  test("fails over a broken one, and annotates its lines", () => {
    const { status, stdout } = check(exampleText("broken/config.toml"), "0.169.0");
    expect(status).toBe(1);
    expect(stdout).toContain(
      "::error file=codex/config.toml,line=6,col=2,title=reserved-provider::openai is a provider of Codex's own",
    );
    expect(stdout).toContain("::warning file=codex/config.toml,line=16,col=12,title=server-disabled-key::");
  });

  test("fails over one that is no TOML, and over a command that cannot judge", () => {
    expect(check("model = \n", "0.169.0")).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^::error file=codex\/config\.toml,line=1,col=\d+,title=not-toml::.*\n$/),
    });
    expect(check("", "newest")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: .* \[usage\]\n/),
    });
  });
});

describe("the Git hook", () => {
  /** A repository with a config that is about to be committed, and what lies in the working tree. */
  const commit = (staged: string, lying = staged) => {
    const who = person();
    const git = (...args: string[]) => run(who, "git", ["-c", "user.name=a", "-c", "user.email=a@example", ...args]);
    git("init", "-q");
    mkdirSync(join(who.root, "codex"));
    const config = join(who.root, "codex/config.toml");
    writeFileSync(config, staged);
    copyFileSync(join(EXAMPLES, "ci/pre-commit"), join(who.root, ".git/hooks/pre-commit"));
    chmodSync(join(who.root, ".git/hooks/pre-commit"), 0o755);
    git("add", "codex");
    writeFileSync(config, lying);
    return git("commit", "-q", "-m", "x");
  };

  test("lets a sound config through, whatever lies in the working tree", () => {
    expect(commit('model = "gpt-5.5"\n', "model = 5\n")).toMatchObject({ status: 0, stderr: "" });
  });

  test("stops a broken one, and names the file", () => {
    const { status, stderr } = commit("model = 5\n", 'model = "gpt-5.5"\n');
    expect(status).toBe(1);
    expect(stderr).toContain("codex/config.toml:1:9: error: model takes a string");
  });
});

describe("the fleet's tasks", () => {
  type Task = { name: string; "ansible.builtin.command": { argv: string[] }; changed_when: string | false };
  const tasks = yaml("fleet/codex.yml") as Task[];

  /** One run over a machine: what each task prints, its command line filled in by hand. */
  const play = (who: Person, isCheck: boolean) =>
    tasks.map(({ "ansible.builtin.command": { argv }, changed_when }) => {
      const [file = "", ...args] = argv.map((word) =>
        word
          .replace("{{ codex_home }}", who.home)
          .replace("{{ presets }}", join(EXAMPLES, "presets/codex-cfg.presets.toml"))
          .replace(/^\{\{ ansible_check_mode \| ternary\('(.*)', '(.*)'\) \}\}$/, isCheck ? "$1" : "$2"),
      );
      expect(args.join(" ")).not.toContain("{{");
      const { status, stdout, stderr } = run(who, file, args);
      expect(status, stdout + stderr).toBe(0);
      const document = JSON.parse(stdout) as Record<string, unknown>;
      return changed_when === false ? document.loads : document.changed;
    });

  test("change a machine once, and say so", () => {
    const who = person({ "config.toml": 'model = "gpt-5.5"\n' });
    expect(play(who, false)).toEqual([true, true, true]);
    expect(play(who, false)).toEqual([false, false, true]);
  });

  test("only say so in check mode", () => {
    const who = person({ "config.toml": 'model = "gpt-5.5"\n' });
    expect(play(who, true)).toEqual([true, true, true]);
    expect(readFileSync(join(who.home, "config.toml"), "utf8")).toBe('model = "gpt-5.5"\n');
    expect(existsSync(join(who.home, ".codex-cfg"))).toBe(false);
  });

  test("read every changed from the document", () => {
    expect(tasks.map(({ changed_when }) => changed_when)).toEqual([
      "(http_sse.stdout | from_json).changed",
      "(gateway.stdout | from_json).changed",
      false,
    ]);
  });
});

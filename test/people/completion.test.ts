/** Completion in the shells that people have: keys in, what stands on the command line out. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { has } from "./install.ts";
import { type Person, person, type Screen, terminal } from "./terminal.ts";

const CONFIG = `model = "gpt-5.5"

[mcp_servers.docs]
command = "docs"

[mcp_servers."git hub"]
command = "git"

[mcp_servers."x$(touch pwned)"]
command = "x"
`;

/** Starts a shell that has read nothing but the completion, and waits for its prompt. */
const SHELLS = {
  bash: async ({ env, root }: Person) => {
    writeFileSync(join(root, "rc"), `PS1='> '\neval "$(codex-cfg completion bash)"\necho ready\n`);
    return ready(terminal({ env, root }, ["bash", "--noprofile", "--rcfile", join(root, "rc"), "-i"]));
  },
  zsh: async ({ env, root }: Person) => {
    const rc = `PS1='> '\nautoload -Uz compinit && compinit -u -d ${root}/dump\neval "$(codex-cfg completion zsh)"\necho ready\n`;
    writeFileSync(join(root, ".zshrc"), rc);
    return ready(terminal({ env, root }, ["zsh", "--no-globalrcs", "-i"]));
  },
  fish: async ({ env, root }: Person) => {
    writeFileSync(
      join(root, "rc.fish"),
      "function fish_prompt; echo -n '> '; end\nfunction fish_greeting; end\nset -g fish_autosuggestion_enabled 0\ncodex-cfg completion fish | source\necho ready\n",
    );
    return ready(terminal({ env, root }, ["fish", "--no-config", "-i", "-C", `source ${join(root, "rc.fish")}`]));
  },
};

async function ready(screen: Screen): Promise<Screen> {
  await screen.until(/ready\n>/);
  return screen;
}

test.skipIf(!has("zsh") || !has("tmux"))("zsh finds the script by itself in a folder of functions", async () => {
  const { env, root } = person({ "config.toml": CONFIG });
  mkdirSync(join(root, "functions"));
  const { stdout } = spawnSync("codex-cfg", ["completion", "zsh"], { env, encoding: "utf8" });
  writeFileSync(join(root, "functions/_codex-cfg"), stdout);
  const rc = `PS1='> '\nfpath=(${root}/functions $fpath)\nautoload -Uz compinit && compinit -u -d ${root}/dump\necho ready\n`;
  writeFileSync(join(root, ".zshrc"), rc);
  const screen = await ready(terminal({ env, root }, ["zsh", "--no-globalrcs", "-i"]));
  // The first one loads the function, the second one finds it loaded.
  for (let i = 0; i < 2; i++) {
    screen.press("C-u");
    screen.type("codex-cfg mcp disable do");
    screen.press("Tab");
    await screen.until(/^> codex-cfg mcp disable docs$/m);
  }
});

describe.each(["bash", "zsh", "fish"] as const)("%s", (shell) => {
  const claim = test.skipIf(!has(shell) || !has("tmux"));
  const start = (files: Readonly<Record<string, string>> = { "config.toml": CONFIG }) => {
    const who = person({ ...files, "lean.config.toml": "" });
    return SHELLS[shell](who).then((screen) => ({ who, screen }));
  };
  const tab = async (screen: Screen, typed: string, wanted: RegExp) => {
    screen.press("C-u");
    screen.type(typed);
    screen.press("Tab");
    return screen.until(wanted);
  };

  claim("completes verbs, options, and the values that a definition lists", async () => {
    const { screen } = await start();
    await tab(screen, "codex-cfg rev", /^> codex-cfg revert$/m);
    await tab(screen, "codex-cfg mcp iso", /^> codex-cfg mcp isolate$/m);
    await tab(screen, "codex-cfg revert --pur", /^> codex-cfg revert --purge$/m);
    await tab(screen, "codex-cfg apply http-sse --scope de", /^> codex-cfg apply http-sse --scope default$/m);
    await tab(screen, "codex-cfg apply http-sse --scope=de", /^> codex-cfg apply http-sse --scope=default$/m);
  });

  claim("completes what is in this home: servers, profiles, keys, presets, changes", async () => {
    const { who, screen } = await start();
    const set = spawnSync("codex-cfg", ["set", "model", "gpt-5.4", "--codex-version", "0.169.0"], {
      env: who.env,
      encoding: "utf8",
    });
    const id = /\((\w+-\w+)\)/.exec(set.stderr)?.[1] ?? "none";
    await tab(screen, "codex-cfg mcp disable do", /^> codex-cfg mcp disable docs$/m);
    await tab(screen, "codex-cfg validate -p le", /^> codex-cfg validate -p lean$/m);
    await tab(screen, "codex-cfg apply http", /^> codex-cfg apply http-sse$/m);
    await tab(screen, "codex-cfg get mod", /^> codex-cfg get model$/m);
    await tab(screen, "codex-cfg set mcp_servers.docs.comm", /^> codex-cfg set mcp_servers\.docs\.command$/m);
    await tab(screen, `codex-cfg show ${id.slice(0, 5)}`, new RegExp(`^> codex-cfg show ${id}$`, "m"));
  });

  claim("goes on in a table without a space between", async () => {
    const { screen } = await start();
    await tab(screen, "codex-cfg set mcp_ser", /^> codex-cfg set mcp_servers\.$/m);
    screen.type("docs.comm");
    screen.press("Tab");
    await screen.until(/^> codex-cfg set mcp_servers\.docs\.command$/m);
  });

  claim("offers files where a file goes", async () => {
    const { who, screen } = await start();
    writeFileSync(join(who.root, "team-config.toml"), "");
    await tab(screen, "codex-cfg validate team", /^> codex-cfg validate team-config\.toml$/m);
  });

  claim("quotes names, and runs nothing that stands in one", async () => {
    const { who, screen } = await start();
    await tab(screen, "codex-cfg mcp disable gi", /^> codex-cfg mcp disable (?:git\\ hub|'git hub')$/m);
    await tab(
      screen,
      "codex-cfg mcp disable x",
      /^> codex-cfg mcp disable (?:x\\\$\\\(touch\\ pwned\\\)|'x\$\(touch pwned\)')$/m,
    );
    screen.press("Enter");
    await screen.until(/\[y\/N\]/);
    screen.press("y", "Enter");
    await screen.until(/done \(/);
    expect(readFileSync(join(who.home, "config.toml"), "utf8")).toMatch(/command = "x"\nenabled = false\n/);
    expect(existsSync(join(who.root, "pwned"))).toBe(false);
  });

  claim("is silent with a config that does not parse", async () => {
    const { screen } = await start({ "config.toml": "broken = [\n" });
    screen.type("codex-cfg mcp disable do");
    screen.press("Tab");
    screen.type("n");
    const shown = await screen.until(/^> codex-cfg mcp disable don$/m);
    expect(shown.trim()).toMatch(/^ready\n> codex-cfg mcp disable don$/);
  });
});

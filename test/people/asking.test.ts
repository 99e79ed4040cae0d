/** What a person sees and presses in a real terminal: preview and question, lists, narrow screens, colour or none. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { THREE_SERVERS } from "../three-servers.ts";
import { has } from "./install.ts";
import { type Person, person, type Screen, terminal } from "./terminal.ts";

const COUNT = fileURLToPath(new URL("../work/count.cjs", import.meta.url));
/** What colours a text; whether it is dim or bold is no colour. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[(?:\\d+;)*(?:3[0-7]|4[0-7]|9[0-7])m`);

type Scene = { readonly who: Person; readonly screen: Screen; readonly config: () => string };

/** A shell in a terminal of this width, in a home with three servers. */
async function scene(columns = 80, env: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const who = person({ "config.toml": THREE_SERVERS }, { ENV: "shrc", ...env });
  writeFileSync(join(who.root, "shrc"), "PS1='> '\n");
  const screen = terminal(who, ["sh"], { columns });
  await screen.until(/^>/m);
  return { who, screen, config: () => readFileSync(join(who.home, "config.toml"), "utf8") };
}

/** A process that has ended may stay in the list, for whoever never asks how it ended. */
function lives(pid: string): boolean {
  const file = `/proc/${pid}/status`;
  return existsSync(file) && !/^State:\s*[ZX]/m.test(readFileSync(file, "utf8"));
}

/** Types a command for the newest known Codex and presses Enter. */
function enter(screen: Screen, command: string): void {
  screen.clear();
  screen.type(`clear; codex-cfg --codex-version 0.169.0 ${command}; echo "exit=$?"`);
  screen.press("Enter");
}

describe.skipIf(!has("tmux"))("in a terminal", () => {
  test.runIf(process.platform === "linux")("a preview is in colour without the slow part of Node", async () => {
    const { screen, who } = await scene(80, { NODE_OPTIONS: `--require=${COUNT}`, COUNT: "counts" });
    enter(screen, "mcp disable docs -n");
    await screen.until(/exit=0/);
    expect(screen.read(true)).toMatch(COLOUR);
    expect(JSON.parse(readFileSync(join(who.root, "counts"), "utf8")).modules).not.toContain("tty");
  });

  describe.each([80, 40])("of %i columns", (columns) => {
    test("a change is shown, asked for, and made only after yes", async () => {
      const { config, screen } = await scene(columns);
      enter(screen, "set model gpt-5.5");
      const shown = await screen.until(/Make this change\? \[y\/N\]/);
      expect(shown).toContain('+model = "gpt-5.5"');
      screen.press("Enter");
      expect(await screen.until(/exit=1/)).toContain("nothing was written");
      expect(config()).toBe(THREE_SERVERS);
      enter(screen, "set model gpt-5.5");
      await screen.until(/\[y\/N\]/);
      screen.press("y", "Enter");
      expect((await screen.until(/exit=0/)).replace(/\s+/g, " ")).toContain(
        "take it back with: codex-cfg --codex-version 0.169.0 revert",
      );
      expect(config()).toBe(`model = "gpt-5.5"\n\n${THREE_SERVERS}`);
    });

    test("servers to turn off are ticked in a list", async () => {
      const { config, screen } = await scene(columns);
      enter(screen, "mcp disable");
      const list = await screen.until(/Turn which servers off\?[\s\S]*confirm/);
      expect(list).toMatch(/◻ docs[\s\S]*◻ git/);
      expect(list).not.toContain("web");
      screen.press("Down", "Space");
      await screen.until(/◼ git/);
      screen.press("Enter");
      await screen.until(/\+enabled = false[\s\S]*\[y\/N\]/);
      screen.press("y", "Enter");
      await screen.until(/exit=0/);
      expect(config()).toBe(THREE_SERVERS.replace('"git"\n', '"git"\nenabled = false\n'));
    });

    test("a change to take back is picked, the newest one first", async () => {
      const { config, screen } = await scene(columns);
      enter(screen, "-y mcp disable docs && codex-cfg -y set model gpt-5.5 --codex-version 0.169.0");
      await screen.until(/exit=0/);
      enter(screen, "revert");
      const list = await screen.until(/Take which change back\?[\s\S]*confirm/);
      // A narrow list folds its lines behind the bar.
      expect(list.replace(/[\s│]+/g, " ")).toMatch(/● [-\d]+ [:\d]+ set model .*○ [-\d]+ [:\d]+ mcp disable docs/);
      screen.press("Down");
      await screen.until(/● [-\d]+ [:\d]+ {2}mcp/);
      screen.press("Enter");
      await screen.until(/-enabled = false[\s\S]*\[y\/N\]/);
      screen.press("y", "Enter");
      await screen.until(/exit=0/);
      expect(config()).toBe(`model = "gpt-5.5"\n\n${THREE_SERVERS}`);
    });

    test("status is no wider than the terminal", async () => {
      const { who, screen } = await scene(columns);
      enter(screen, "status");
      const shown = await screen.until(/exit=0/);
      expect(shown.replace(/\s+/g, " ")).toContain("mcp 2 on, 1 off");
      expect(shown).toMatch(/^change {4}none in force$/m);
      // A line that the terminal had to break goes on in its first column.
      const labels = shown.split("\n").filter((line) => /^\S/.test(line) && !who.home.includes(line));
      expect(labels.map((line) => line.split(" ")[0])).toEqual([
        "health",
        "home",
        "codex",
        "provider",
        "mcp",
        "logins",
        "change",
        "exit=0",
        ">",
      ]);
    });
  });

  test("isolate asks which servers may stay on, and Enter alone means none", async () => {
    const { config, screen } = await scene();
    enter(screen, "mcp isolate");
    await screen.until(/Turn every server off but which\?[\s\S]*confirm/);
    screen.press("Enter");
    await screen.until(/\[y\/N\]/);
    screen.press("y", "Enter");
    await screen.until(/exit=0/);
    expect(config().match(/^enabled = false$/gm)).toHaveLength(3);
  });

  test("Ctrl-C leaves a list and a question, and nothing is written", async () => {
    const { config, screen } = await scene();
    enter(screen, "mcp disable");
    await screen.until(/confirm/);
    screen.press("C-c");
    expect(await screen.until(/exit=1/)).toContain("nothing was written");
    enter(screen, "mcp disable docs");
    await screen.until(/\[y\/N\]/);
    screen.press("C-c");
    await screen.until(/^>\s*$/m);
    expect(config()).toBe(THREE_SERVERS);
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("%s leaves a list, the cursor is back, and nothing is written", async (signal, exit) => {
    const { config, screen, who } = await scene();
    // A shell without job control, so that its own line goes on after the signal.
    const list = "echo $$ > pid; exec codex-cfg --codex-version 0.169.0 mcp disable";
    screen.type(`sh -c '${list}'; echo "exit=$?"`);
    screen.press("Enter");
    await screen.until(/confirm/);
    expect(screen.cursor()).toBe(false);
    process.kill(Number(readFileSync(join(who.root, "pid"), "utf8")), signal);
    await screen.until(signal === "SIGINT" ? /interrupted; nothing was written/ : new RegExp(`exit=${exit}`));
    expect(screen.read()).toContain("interrupted; nothing was written");
    await expect.poll(() => screen.cursor()).toBe(true);
    expect(config()).toBe(THREE_SERVERS);
  });

  test("a terminal of 0 columns is taken for one of 80", async () => {
    const { screen } = await scene();
    screen.type("stty cols 0");
    screen.press("Enter");
    enter(screen, "status");
    expect(await screen.until(/exit=0/)).toMatch(/^mcp {7}2 on, 1 off$/m);
    enter(screen, "mcp disable");
    expect(await screen.until(/confirm/)).toMatch(/◻ docs/);
    screen.press("C-c");
    await screen.until(/exit=1/);
  });

  test("Ctrl-C ends a search with the command that it runs, and says how to go on", async () => {
    const { config, screen, who } = await scene(100);
    const command = '[ -e again ] || { touch again; exit 1; }; sh -c "echo \\$\\$ > child; exec sleep 60"; :';
    enter(screen, `-y mcp bisect run -- sh -c '${command}'`);
    await expect.poll(() => existsSync(join(who.root, "child")), { timeout: 20_000 }).toBe(true);
    screen.press("C-c");
    await screen.until(/interrupted; go on: [\s\S]*mcp bisect reset/);
    const child = readFileSync(join(who.root, "child"), "utf8").trim();
    await expect.poll(() => lives(child)).toBe(false);
    enter(screen, "-y mcp bisect reset");
    await screen.until(/exit=0/);
    expect(config()).toBe(THREE_SERVERS);
  });

  test("a search's command that takes too long ends with all that it has started", async () => {
    const { screen, who } = await scene(100);
    enter(screen, "-y mcp bisect run --timeout 1 -- sh -c '(sleep 60 & echo $! >> children; wait) & wait'");
    await screen.until(/exit=1/);
    const children = readFileSync(join(who.root, "children"), "utf8").trim().split("\n");
    await expect.poll(() => children.filter(lives)).toEqual([]);
    expect(children.length).toBeGreaterThan(0);
  });

  test("a search that takes long says how long it may still take", async () => {
    const { screen } = await scene(100);
    enter(screen, `-y mcp bisect run -- sh -c 'sleep 1; ! codex-cfg mcp list | grep -q "git.* on "'`);
    const shown = await screen.until(/exit=\d/);
    expect(shown).toMatch(/^\d+ s so far; at most \d more if it is one server, about \d+ s$/m);
    expect(shown).toContain("it is git");
  });

  test("colour is for terminals, and not against NO_COLOR or --color never", async () => {
    const { screen } = await scene();
    enter(screen, "-n set model gpt-5.5");
    await screen.until(/exit=0/);
    expect(screen.read(true)).toMatch(COLOUR);
    enter(screen, "-n set model gpt-5.5 2>&1 | cat");
    await screen.until(/exit=0/);
    expect(screen.read(true)).not.toMatch(COLOUR);
    enter(screen, "-n set model gpt-5.5 --color never");
    await screen.until(/exit=0/);
    expect(screen.read(true)).not.toMatch(COLOUR);
  });

  test("NO_COLOR is heeded by previews and lists alike, and the list can still be used", async () => {
    const { screen } = await scene(80, { NO_COLOR: "1" });
    enter(screen, "mcp disable");
    await screen.until(/confirm/);
    expect(screen.read(true)).not.toMatch(COLOUR);
    screen.press("Space", "Enter");
    expect(await screen.until(/\[y\/N\]/)).toContain("+enabled = false");
    expect(screen.read(true)).not.toMatch(COLOUR);
  });

  test("a list is in colour where it may be", async () => {
    const { screen } = await scene();
    enter(screen, "mcp disable");
    await screen.until(/confirm/);
    expect(screen.read(true)).toMatch(COLOUR);
  });

  test("a script gets no list though the terminal is there", async () => {
    const { config, screen } = await scene();
    enter(screen, "mcp disable </dev/null");
    expect(await screen.until(/exit=2/)).toContain("name servers, or say --all");
    expect(config()).toBe(THREE_SERVERS);
  });
});

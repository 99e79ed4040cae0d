/**
 * A terminal as people have it: keys go in, a screen is read. A tmux of its own holds it, so that programs meet a real
 * terminal, its size and its line discipline.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

/** A person's machine: a home with a Codex home in it, and a PATH with codex-cfg first. */
export type Person = {
  readonly root: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Gone when the test is. */
export function person(
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Person {
  const root = mkdtempSync(join(tmpdir(), "codex-cfg-people-"));
  onTestFinished(() => removed(root));
  const home = join(root, ".codex");
  const bin = join(root, "bin");
  for (const folder of [home, bin]) mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
  symlinkSync(join(DIST, "bin.cjs"), join(bin, "codex-cfg"));
  symlinkSync(process.execPath, join(bin, "node"));
  const PATH = `${bin}:/usr/local/bin:/usr/bin:/bin`;
  return { root, home, env: { HOME: root, PATH, TERM: "xterm-256color", LANG: "C.UTF-8", HISTFILE: "", ...env } };
}

/** A program whose terminal has gone may write a last file into a folder that was empty a moment ago. */
function removed(folder: string, tries = 5): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 4, retryDelay: 50 });
  } catch (error) {
    if (tries === 0) throw error;
    removed(folder, tries - 1);
  }
}

export type Screen = {
  /** Types text as it is. */
  type(text: string): void;
  /** Presses keys by tmux's names: `Enter`, `Tab`, `Down`, `Space`, `C-c`. */
  press(...keys: string[]): void;
  /** Empties the screen at once, so that nothing of an earlier command is taken for the next one's. */
  clear(): void;
  /** What stands on the screen now; with `colours`, escape sequences included. */
  read(colours?: boolean): string;
  /** Whether the cursor is to be seen. */
  cursor(): boolean;
  /** Waits until the screen fits, and hands it out. */
  until(pattern: RegExp): Promise<string>;
};

/** Starts a program in a terminal of this size. */
export function terminal(
  { env, root }: Pick<Person, "env" | "root">,
  command: readonly string[],
  { columns = 80, rows = 40 } = {},
): Screen {
  const socket = join(root, "tmux");
  const settings = join(root, "tmux.conf");
  writeFileSync(settings, "set -g status off\nset -g escape-time 0\nset -g default-terminal tmux-256color\n");
  const tmux = (...args: string[]) => {
    const { status, stderr, stdout } = spawnSync("tmux", ["-S", socket, "-f", settings, ...args], {
      env: { ...env, TERM: "xterm-256color" },
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`);
    return stdout;
  };
  tmux("new-session", "-d", "-x", String(columns), "-y", String(rows), ...command);
  onTestFinished(() => void spawnSync("tmux", ["-S", socket, "kill-server"]));
  const read = (colours = false) => tmux("capture-pane", "-p", ...(colours ? ["-e"] : []));
  return {
    type: (text) => void tmux("send-keys", "-l", "--", text),
    press: (...keys) => void tmux("send-keys", "--", ...keys),
    clear: () => void tmux("send-keys", "-R"),
    read,
    cursor: () => tmux("display-message", "-p", "#{cursor_flag}").trim() === "1",
    async until(pattern) {
      let screen = "";
      for (const end = Date.now() + 8_000; Date.now() < end; ) {
        screen = read();
        if (pattern.test(screen)) return screen;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`never on the screen: ${pattern}\n${screen.trimEnd()}`);
    },
  };
}

/**
 * Stories of the command line as plain text, told in README.md's form. Each is told anew: the files are written, the
 * commands run, and what they print and leave is written down the same way; then the two texts are compared. With
 * STORIES_WRITE=1 the new one is kept. Knows nothing of what a command means.
 */
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPatch } from "diff";
import { describe, expect, test } from "vitest";
import { type Ran, type Story, story } from "../story.ts";

const FOLDER = import.meta.dirname;
const NO_NEWLINE = "\\ No newline at end of file\n";

type Fold = (words: string) => string;

/** What stands between two marks; a blank line before a mark is there for the eye. */
type Section = { readonly mark: string; readonly body: string };

const names = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".txt"));
const told = names.sort().map((name) => ({ name, text: readFileSync(join(FOLDER, name), "utf8") }));

test.each(told.map(({ name, text }) => [name.replace(/\.txt$/, ""), name, text] as const))(
  "%s",
  async (_, name, text) => {
    const retold = await retell(text);
    if (retold === text) return;
    if (process.env.STORIES_WRITE === "1") return writeFileSync(join(FOLDER, name), retold);
    const patch = createPatch(name, text, retold, "as told", "as it went", { context: 4 });
    expect.fail(
      `it went otherwise; if that is right: STORIES_WRITE=1 npx vitest run --config test/vitest.config.ts test/cli-stories\n\n${patch}`,
    );
  },
);

describe("the runner", () => {
  const text = [
    "A claim.\n",
    "-- given config.toml, mode 640 --\nmodel = 'a'\n\\ No newline at end of file\n",
    "-- run --\n$ codex-cfg --codex-version 0.169.0 set 'tui.theme' \"d k\"\nwrong\n",
    "-- then nonsense --\n",
  ].join("\n");

  test("replaces what was told by what happened, and the second time nothing", async () => {
    const once = await retell(text);
    expect(once).toMatch(
      /^A claim\.\n\n-- given config\.toml, mode 640 --\nmodel = 'a'\n\\ No newline at end of file\n\n/,
    );
    expect(once).toMatch(
      /\n! done \(\{id1\}\)[^\n]*\n\n-- then config\.toml, mode 640 --\nmodel = 'a'\n\n\[tui\]\ntheme = "d k"\n/,
    );
    expect(once).not.toMatch(/wrong|nonsense/);
    expect(await retell(once)).toBe(once);
  });
});

/** The story as it goes now. What is told of output and of files that are left counts for nothing here. */
async function retell(text: string): Promise<string> {
  const [title = "", ...rest] = text.split(/^(?=-- .+ --$)/m);
  const tale = story();
  const ids: string[] = [];
  const places = { [tale.home]: "{home}", [tale.root]: "{root}", "\r": "␍" };
  const fold = (words: string) =>
    Object.entries(places).reduce((folded, [real, sign]) => folded.replaceAll(real, sign), withIds(words, ids));
  const unfold = (words: string) =>
    Object.entries(places)
      .reduce((unfolded, [real, sign]) => unfolded.replaceAll(sign, real), words)
      .replace(/\{id(\d+)\}/g, (sign, number) => ids[number - 1] ?? sign);
  const sections: Section[] = [];
  let first: Files | undefined;
  for (const { body, mark } of rest.map(sectionOf)) {
    if (mark.startsWith("then ")) continue;
    const [, call, nth] = /^killed at (rename|link) (\d+)$/.exec(mark) ?? [];
    if (!call && !mark.startsWith("run")) {
      give(tale, mark, unfold(body));
      sections.push({ mark, body });
      continue;
    }
    const before = tale.files();
    first ??= before;
    const commands: string[] = [];
    for (const [line, words = ""] of body.matchAll(/^\$ codex-cfg\b(.*)\n/gm)) {
      const argv = split(unfold(words));
      // What a dead process has printed depends on where it was looked for.
      if (call) await tale.die(call as "rename" | "link", Number(nth), ...argv);
      commands.push(call ? line : line + printed(await tale.runRaw(...argv), fold));
    }
    sections.push({ mark, body: commands.join("\n") }, ...left({ first, before, after: tale.files() }, fold));
  }
  if (!sections.some(({ body }) => body.startsWith("$ codex-cfg"))) throw new Error("a story runs a command");
  return [`${title.trimEnd()}\n`, ...sections.map(({ body, mark }) => `-- ${mark} --\n${body}`)].join("\n");
}

function sectionOf(text: string): Section {
  const [, mark = "", body = ""] = /^-- (.+) --\n([\s\S]*)$/.exec(text) ?? [];
  return { mark, body: body.replace(/(^|\n)\n$/, "$1") };
}

/** Ids are made of time and chance: the first that is met is {id1}. */
function withIds(text: string, ids: string[]): string {
  return text.replace(/\b[0-9a-z]{11}-[0-9a-f]{6}\b/g, (id) => {
    if (!ids.includes(id)) ids.push(id);
    return `{id${ids.indexOf(id) + 1}}`;
  });
}

/** The words of a command line as a shell takes them, without its variables and patterns. */
function split(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, "$1$2$3"));
}

function give(tale: Story, mark: string, body: string): void {
  const [, version] = /^given codex (\S+)$/.exec(mark) ?? [];
  const [, link, target] = /^given (\S+) -> (\S+)$/.exec(mark) ?? [];
  const [, name, mode = "600"] = /^given (\S+?)(?:, mode (\d+))?$/.exec(mark) ?? [];
  if (version) tale.installCodex(version, body === "" ? undefined : body);
  else if (link && target) symlinkSync(target, join(tale.home, link));
  else if (name === "environment")
    Object.assign(
      tale.env,
      Object.fromEntries([...body.matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value])),
    );
  else if (name)
    tale.write(
      name,
      body.endsWith(NO_NEWLINE) ? body.slice(0, -NO_NEWLINE.length - 1) : body,
      Number.parseInt(mode, 8),
    );
  else throw new Error(`no such mark: -- ${mark} --`);
}

/** Standard output as it is, standard error behind a `!`, and how it ended unless it went well. */
function printed({ err, exit, out }: Ran, fold: Fold): string {
  const talk = whole(err).replace(/^/gm, "! ").replace(/! $/, "");
  const text = fold(whole(out) + talk).replace(/[ \t]+$/gm, "");
  return exit === 0 ? text : `${text}[exit ${exit}]\n`;
}

type Files = Readonly<Record<string, string>>;

/** The files that are not as before these commands; `first` is how they were before any. */
function left({ after, before, first }: Record<"first" | "before" | "after", Files>, fold: Fold): Section[] {
  const changed = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  return changed.sort().map((name) => {
    const now = after[name];
    const shown = fold(name);
    if (now === undefined) return { mark: `then ${shown} is gone`, body: "" };
    if (now === first[name]) return { mark: `then ${shown} is as it was`, body: "" };
    const [, mode, bytes] = /^(\d+) ([\s\S]*)$/.exec(now) ?? [];
    if (bytes === undefined) return { mark: `then ${shown} ${now}`, body: "" };
    const mark = mode === "600" ? shown : `${shown}, mode ${mode}`;
    return { mark: `then ${mark}`, body: whole(fold(Buffer.from(bytes, "latin1").toString())) };
  });
}

const whole = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n${NO_NEWLINE}`);

/** A machine on which Codex has never run: its home is an empty one that nobody has made yet. */
import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Story, story } from "../story.ts";

const VERSION = ["--codex-version", "0.169.0"];
const APPLY = ["apply", "http-sse", ...VERSION];

/** Nothing is named, so the home is `.codex` in the user's folder. */
function fresh(): Story & { readonly codexHome: string } {
  const tale = story();
  Reflect.deleteProperty(tale.env, "CODEX_HOME");
  return Object.assign(tale, { codexHome: join(tale.root, ".codex") });
}

describe("reading a home that is not there yet", () => {
  test.each([
    [["status"], 0],
    [["validate"], 0],
    [["validate", "-p", "work"], 0],
    [["doctor"], 0],
    [["doctor", "--report"], 0],
    [["doctor", "--fix"], 0],
    [["doctor", "--explain", "model"], 1],
    [["mcp", "list"], 0],
    [["provider", "list"], 0],
    [["presets"], 0],
    [["auth-store"], 0],
    [["history"], 0],
    [["diff"], 0],
    [["revert"], 0],
    [["get", "model"], 1],
    [["unset", "model"], 0],
  ])("%j says what an empty one has, that it is not there, and makes nothing", async (argv, exit) => {
    const tale = fresh();
    const empty = await story().run(...argv, ...VERSION);
    const { err, ...ran } = await tale.run(...argv, ...VERSION);
    expect(ran.exit).toBe(exit);
    expect(empty.exit).toBe(exit);
    expect(err).toContain(`there is no ${tale.codexHome} yet; it counts as an empty Codex home\n`);
    expect(empty.err).not.toContain("there is no ");
    expect(existsSync(tale.codexHome)).toBe(false);
  });

  test("is told on standard error alone, and not to who completes a line", async () => {
    const tale = fresh();
    const { err, out } = await tale.run("status", "--json", ...VERSION);
    expect([err, JSON.parse(out).codexHome]).toEqual(["", tale.codexHome]);
    expect(await tale.run("__complete", "--", "mcp", "disable")).toEqual({ exit: 0, out: "", err: "" });
  });
});

test.each([[""], ["home"]])(
  "where HOME is %j the .codex of the working directory is nobody's home",
  async (userHome) => {
    const tale = fresh();
    tale.env.HOME = userHome;
    tale.world.userHome = userHome;
    const repository = join(tale.cwd, userHome, ".codex");
    mkdirSync(repository, { recursive: true });
    writeFileSync(join(repository, "config.toml"), 'model = "theirs"\n');
    writeFileSync(join(repository, "codex-cfg.presets.toml"), '[theirs.provider]\nid = "x"\nname = "x"\n');
    for (const argv of [["set", "model", "mine"], ["get", "model"], ["status"]]) {
      const { err, exit, out } = await tale.run(...argv, ...VERSION);
      expect([exit, out, err]).toEqual([3, "", expect.stringContaining("HOME is no absolute path")]);
      expect(err).toContain("codex-cfg --codex-home DIR status");
    }
    expect((await tale.run("get", "model", "--codex-home", tale.home, ...VERSION)).exit).toBe(1);
    expect((await tale.run("presets", "--codex-home", tale.home, ...VERSION)).out).not.toContain("theirs");
  },
);

describe("a change in a home that is not there yet", () => {
  test("is shown with what else it makes, and made by no dry run", async () => {
    const tale = fresh();
    const { exit, out, err } = await tale.run(...APPLY, "--dry-run");
    expect([exit, out]).toEqual([0, (await story().run(...APPLY, "--dry-run")).out]);
    expect(err).toContain(`note: there is no ${tale.codexHome} yet; this change creates it\n`);
    const document = JSON.parse((await tale.run(...APPLY, "-n", "--json")).out);
    expect(document.findings).toContainEqual(
      expect.objectContaining({ code: "home-will-be-created", severity: "info", args: { dir: tale.codexHome } }),
    );
    expect(existsSync(tale.codexHome)).toBe(false);
  });

  test("creates it, closed to others, once; and can be taken back", async () => {
    const tale = fresh();
    expect((await tale.run(...APPLY)).err).toContain("this change creates it\n");
    expect(statSync(tale.codexHome).mode & 0o777).toBe(0o700);
    expect(existsSync(join(tale.codexHome, "config.toml"))).toBe(true);
    expect(await tale.run(...APPLY)).toMatchObject({ exit: 0, out: "", err: expect.not.stringContaining("creates") });
    expect((await tale.run("revert")).exit).toBe(0);
    expect(existsSync(join(tale.codexHome, "config.toml"))).toBe(false);
  });

  test("that is declined makes nothing", async () => {
    const tale = fresh();
    tale.answers.push("n");
    expect((await tale.run(...APPLY)).exit).toBe(1);
    expect(existsSync(tale.codexHome)).toBe(false);
  });

  test.each([
    ["--codex-home", (tale: Story, dir: string) => tale.run(...APPLY, "--codex-home", dir)],
    [
      "$CODEX_HOME",
      (tale: Story, dir: string) => {
        tale.env.CODEX_HOME = dir;
        return tale.run(...APPLY);
      },
    ],
  ])("creates one that %s names in a folder that is there, and no more than that", async (_, apply) => {
    const tale = fresh();
    expect(await apply(tale, join(tale.root, "new"))).toMatchObject({ exit: 0 });
    expect(existsSync(join(tale.root, "new", "config.toml"))).toBe(true);
    expect(await apply(tale, join(tale.root, "a", "typo"))).toMatchObject({
      exit: 3,
      out: "",
      err: expect.stringContaining("there is no such Codex home [no-home]"),
    });
    expect(existsSync(join(tale.root, "a"))).toBe(false);
  });

  test.each<[string, (dir: string) => void]>([
    ["a file", (dir) => writeFileSync(dir, "")],
    ["a link to nothing", (dir) => symlinkSync("nowhere", dir)],
  ])("is refused where %s stands in the way", async (_, put) => {
    const tale = fresh();
    put(tale.codexHome);
    expect(await tale.run(...APPLY)).toMatchObject({
      exit: 3,
      err: expect.stringContaining("the Codex home is not a folder [no-home]"),
    });
  });

  test("goes into a folder that a link leads to", async () => {
    const tale = fresh();
    mkdirSync(join(tale.root, "real"));
    symlinkSync("real", join(tale.root, "link"));
    expect((await tale.run(...APPLY, "--codex-home", join(tale.root, "link", "new"))).exit).toBe(0);
    expect(existsSync(join(tale.root, "real", "new", "config.toml"))).toBe(true);
  });
});

/** Where scratch folders lie, what is in them, and when they go. */
import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Host } from "../../src/host/host.ts";
import { scratchPlace, sweepScratch, withEmptyFolder, withScratch } from "../../src/machine/scratch.ts";
import { hostFor, type Story, story } from "../story.ts";

const isWindows = process.platform === "win32";
const isRoot = process.geteuid?.() === 0;

/** A home with a state folder, a cache and a temporary folder, all of this user alone. */
function machine(state = true) {
  const tale = story();
  const at = (name: string) => {
    fs.mkdirSync(join(tale.root, name), { recursive: true, mode: 0o700 });
    return join(tale.root, name);
  };
  const place = { cache: at("cache"), tmp: at("tmp") };
  if (state) at("home/.codex-cfg");
  const host: Host = Object.create(hostFor(tale, { out: "", err: "" }), {
    cache: { value: place.cache },
    tmp: { value: place.tmp },
  });
  return { ...place, tale, host, state: join(tale.home, ".codex-cfg"), home: tale.home };
}

const here = ({ host, home }: { readonly host: Host; readonly home: string }) => scratchPlace(host, home);

describe("copies of a home's files", () => {
  test("lie in its state folder, for their owner alone, and go with it", async () => {
    const world = machine();
    await withScratch(world.host, here(world), { "config.toml": "a = 1\n" }, (folder) => {
      expect(dirname(folder)).toBe(join(world.state, "scratch"));
      expect(fs.readdirSync(folder).sort()).toEqual(["config.toml", "owner"]);
      expect(fs.readFileSync(join(folder, "config.toml"), "utf8")).toBe("a = 1\n");
      const modes = [dirname(folder), folder, join(folder, "config.toml"), join(folder, "owner")].map(
        (path) => fs.statSync(path).mode & 0o777,
      );
      if (!isWindows) expect(modes).toEqual([0o700, 0o700, 0o600, 0o600]);
    });
    expect(fs.readdirSync(world.state)).toEqual([]);
  });

  test.each<[string, (world: ReturnType<typeof machine>) => unknown]>([
    ["there is no state folder", ({ state }) => fs.rmdirSync(state)],
    ["it is open to others", ({ state }) => fs.chmodSync(state, 0o755)],
    ["it is a file", ({ state }) => [fs.rmdirSync(state), fs.writeFileSync(state, "")]],
    ["there is something else in the place", ({ state }) => fs.writeFileSync(join(state, "scratch"), "")],
    ["others may write in the place", ({ state }) => openTo(join(state, "scratch"))],
    ["it is somebody else's", ({ state }) => isRoot && fs.chownSync(state, 65534, 65534)],
  ])("lie in the user's cache where %s", async (_, spoil) => {
    if (isWindows) return;
    const world = machine();
    if (spoil(world) === false) return;
    await withScratch(world.host, here(world), {}, (folder) => {
      expect(dirname(folder)).toBe(join(world.cache, "scratch"));
    });
    expect(fs.readdirSync(world.cache)).toEqual([]);
  });

  test("lie in the system's place for what is temporary where there is no cache either", async () => {
    const { host, tmp } = machine(false);
    const poor: Host = Object.create(host, { cache: { value: null } });
    await withScratch(poor, null, {}, (folder) => expect(dirname(folder)).toBe(tmp));
    expect(fs.readdirSync(tmp)).toEqual([]);
  });

  test("go when what they are for fails, and when nobody can say what is in them", async () => {
    const world = machine();
    const fails = withScratch(world.host, here(world), { a: "1" }, (folder) => {
      fs.mkdirSync(join(folder, "of codex", "deep"), { recursive: true });
      fs.symlinkSync(world.home, join(folder, "of codex", "link"));
      throw new Error("no");
    });
    await expect(fails).rejects.toThrow("no");
    expect([fs.readdirSync(world.state), fs.existsSync(world.home)]).toEqual([[], true]);
  });
});

test.skipIf(isWindows).each<[string, string]>([
  [".codex", "home"],
  [".codex", "a folder"],
  [".git", "a repository"],
])("the empty folder is outside of every %s above the temporary folder (%s)", async (name) => {
  const { cache, host, tale, tmp } = machine();
  fs.mkdirSync(join(tale.root, name));
  await withEmptyFolder(host, async (folder) => {
    expect([fs.readdirSync(folder), folder.startsWith(tale.root)]).toEqual([[], false]);
    for (let above = folder; ; above = dirname(above)) {
      expect(fs.readdirSync(above)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^\.(codex|git)$/)]));
      if (above === dirname(above)) break;
    }
  });
  expect([fs.readdirSync(tmp), fs.readdirSync(cache)]).toEqual([[], []]);
});

test.skipIf(isWindows)("the empty folder is there where TMPDIR is a link, or leads nowhere", async () => {
  const { host, tmp } = machine();
  fs.symlinkSync(tmp, `${tmp}-link`);
  const seen = (path: string) =>
    withEmptyFolder(Object.create(host, { tmp: { value: path } }), async (folder) => {
      expect(fs.readdirSync(folder)).toEqual([]);
      return folder;
    });
  expect(dirname(await seen(`${tmp}-link`))).toBe(fs.realpathSync(tmp));
  expect(await seen(join(tmp, "nothing"))).not.toContain("nothing");
});

describe("what is left behind", () => {
  const MINUTE = 60_000;
  /** A scratch folder with a secret in it; no owner unless told. */
  function left(place: string, owner?: object, age = 20 * MINUTE): string {
    fs.mkdirSync(place, { recursive: true, mode: 0o700 });
    const folder = join(place, `codex-cfg-${String(fs.readdirSync(place).length).padStart(16, "0")}`);
    fs.mkdirSync(join(folder, "cwd"), { recursive: true, mode: 0o700 });
    fs.writeFileSync(join(folder, "config.toml"), 'token = "FAKE-SECRET"\n');
    if (owner) fs.writeFileSync(join(folder, "owner"), JSON.stringify(owner));
    const time = (Date.now() - age) / 1000;
    fs.utimesSync(folder, time, time);
    return folder;
  }
  const dead = ({ host }: { readonly host: Host }) => ({ ...host.self, pid: host.self.pid, start: "long ago" });

  test.skipIf(isWindows)("by the dead goes with the next command, from all places; what the living have stays", () => {
    const world = machine();
    const { cache, host, state } = world;
    const places = [join(state, "scratch"), join(cache, "scratch")];
    const mine = places.map((place) => left(place, host.self, 0));
    const theirs = places.map((place) => left(place, dead(world), 0));
    sweepScratch(host, here(world));
    expect([...mine, ...theirs].map((path) => fs.existsSync(path))).toEqual([true, true, false, false]);
    for (const path of mine) fs.rmSync(path, { recursive: true });
    sweepScratch(host, here(world));
    expect(places.map((place) => fs.existsSync(place))).toEqual([true, true]);
  });

  test.skipIf(isWindows)("of an earlier build in the temporary folder goes when Codex is asked again", async () => {
    const { host, tmp } = machine();
    const [old, young] = [left(tmp), left(tmp, undefined, MINUTE)];
    fs.mkdirSync(join(tmp, "codex-cfg-mine"));
    fs.mkdirSync(join(tmp, "0123456789abcdef"));
    await withScratch(host, null, {}, () => {});
    expect([fs.existsSync(old), fs.readdirSync(tmp).sort()]).toEqual([
      false,
      ["0123456789abcdef", basename(young), "codex-cfg-mine"].sort(),
    ]);
  });

  test.skipIf(isWindows).each<[string, object]>([
    ["of another machine", { host: "elsewhere", machineId: "m", bootId: "b" }],
    ["of another container", { pidNamespace: "pid:[1]" }],
    ["whose start another clock counts", { start: "long ago", timeNamespace: "time:[1]" }],
  ])("by one %s, of whom nobody can tell, stays", (_, other) => {
    const world = machine();
    const path = left(join(world.state, "scratch"), { ...world.host.self, ...other });
    sweepScratch(world.host, here(world));
    expect(fs.existsSync(path)).toBe(true);
  });

  test.skipIf(isWindows)("is no link, and no file of that name", () => {
    const world = machine();
    const place = join(world.cache, "scratch");
    fs.mkdirSync(place, { mode: 0o700 });
    fs.mkdirSync(join(world.tale.root, "mine"));
    fs.writeFileSync(join(world.tale.root, "mine", "file"), "");
    fs.symlinkSync(join(world.tale.root, "mine"), join(place, "codex-cfg-0000000000000001"));
    fs.writeFileSync(join(place, "codex-cfg-0000000000000002"), "");
    sweepScratch(world.host, null);
    expect([fs.readdirSync(place).length, fs.readdirSync(join(world.tale.root, "mine"))]).toEqual([2, ["file"]]);
  });

  test.skipIf(isWindows)("stays where others could turn it into a link: in a folder that all may write", async () => {
    const { host, tmp } = machine();
    const path = left(tmp);
    fs.chmodSync(tmp, 0o777);
    await withScratch(host, null, {}, () => {});
    expect(fs.existsSync(path)).toBe(true);
    fs.chmodSync(tmp, 0o1777);
    await withScratch(host, null, {}, () => {});
    expect(fs.existsSync(path)).toBe(false);
  });

  test.runIf(isRoot)("by somebody else is nobody's business", async () => {
    const { host, tmp } = machine();
    const path = left(tmp);
    fs.chownSync(path, 65534, 65534);
    await withScratch(host, null, {}, () => {});
    expect(fs.existsSync(path)).toBe(true);
  });

  test("is removed a bounded number at a time", () => {
    const world = machine();
    const place = join(world.cache, "scratch");
    for (let i = 0; i < 60; i++) left(place, dead(world));
    sweepScratch(world.host, null);
    if (!isWindows) expect(fs.readdirSync(place)).toHaveLength(10);
  });
});

function openTo(path: string): void {
  fs.mkdirSync(path);
  fs.chmodSync(path, 0o777);
}

/** What the `codex` of a story saw around it. */
function surroundings(tale: Story): string[] {
  return fs.readFileSync(join(tale.root, "seen"), "utf8").trim().split("\n");
}

test.skipIf(isWindows).each<[string, string[]]>([
  ["a change", ["set", "model", "b", "-y"]],
  ["the keyring", ["auth-store"]],
])("Codex is asked about %s in the state folder, started in an empty folder elsewhere", async (_, argv) => {
  const tale = story({ "config.toml": 'model = "a"\n' });
  fs.mkdirSync(join(tale.root, ".git"));
  const see = `{ pwd; echo * .[!.]*; echo "$CODEX_HOME"; } > '${join(tale.root, "seen")}'`;
  tale.installCodex("0.169.0", see);
  expect((await tale.run("set", "model", "a2", "-y", "--no-preflight")).exit).toBe(0);
  expect((await tale.run(...argv)).exit).toBe(0);
  const [cwd, held, home] = surroundings(tale);
  expect([cwd?.startsWith(tale.root), held?.trim()]).toEqual([false, "* .[!.]*"]);
  expect(home?.startsWith(join(tale.home, ".codex-cfg", "scratch", "codex-cfg-"))).toBe(true);
  expect([fs.existsSync(home ?? ""), fs.existsSync(cwd ?? "")]).toEqual([false, false]);
});

test.skipIf(isWindows)("a dry run writes nothing to the home, not for a moment", async () => {
  const tale = story({ "config.toml": 'model = "a"\n' });
  tale.installCodex("0.169.0", `echo "$CODEX_HOME" > '${join(tale.root, "seen")}'`);
  await tale.run("set", "model", "a2", "-y", "--no-preflight");
  expect((await tale.run("set", "model", "b", "-n")).exit).toBe(0);
  expect(surroundings(tale)[0]?.startsWith(tale.home)).toBe(false);
});

import { expect, test } from "vitest";
import type { Change } from "../../src/model/change.ts";
import type { FileRole } from "../../src/model/op.ts";
import type { MemoryDisk } from "../memory-disk.ts";
import { CONFIG, codeOf, HOME, label, litter, never, onDisk, open, STATE, WORK, type World, world } from "./world.ts";

const change = (before: string | null, after: string | null, file: FileRole = "config"): Change => ({
  file,
  before,
  after,
});
const ONE = "a = 1\n";
const TWO = "a = 2\n";

/** What a commit of one change to config.toml says, and what the file holds then. */
function outcome({ disk, store }: World, before: string | null = ONE, after: string | null = TWO) {
  return [codeOf(() => store.commit([change(before, after)], label, never)), disk.text(CONFIG)];
}

test("changes one file and creates another, and remembers both", () => {
  const { disk, store } = world({ [CONFIG]: ONE });
  const changes = [change(ONE, TWO), change(null, "b = 1\n", "profile:work")];
  const entry = store.commit(changes, label, never);
  expect([disk.text(CONFIG), disk.text(WORK), litter(disk)]).toEqual([TWO, "b = 1\n", []]);
  expect([store.history().entries, store.images(entry?.id ?? ""), store.pending()]).toEqual([[entry], changes, []]);
});

test("reading creates nothing, and neither does a commit of nothing", () => {
  const { disk, store } = world({ [CONFIG]: ONE });
  disk.failAt(1, "die-before");
  expect(store.read("config")).toMatchObject({ path: CONFIG, realPath: CONFIG, text: ONE, links: 1 });
  expect(store.read("profile:work")).toMatchObject({ text: null, links: 0 });
  expect([store.history().entries, store.history().damaged, store.pending(), store.recover()]).toEqual([
    [],
    [],
    [],
    [],
  ]);
  expect([store.commit([], label, never), store.commit([change(ONE, ONE)], label, never)]).toEqual([null, null]);
  expect(disk.mutations).toBe(0);
});

test("removes a file, and brings it back with its mode", () => {
  const { disk, store } = world();
  disk.put(WORK, ONE, { mode: 0o640 });
  disk.now += 60_000;
  store.commit([change(ONE, null, "profile:work")], label, never);
  expect(disk.text(WORK)).toBeNull();
  store.commit([change(null, ONE, "profile:work")], label, never);
  expect([disk.text(WORK), disk.look(WORK)?.mode, litter(disk)]).toEqual([ONE, 0o600, []]);
});

test("keeps the mode of a file it changes, and makes new ones private", () => {
  for (const mode of [0o600, 0o640, 0o644, 0o755]) {
    const home = world();
    home.disk.put(CONFIG, ONE, { mode });
    home.disk.now += 60_000;
    home.store.commit([change(ONE, TWO), change(null, ONE, "profile:work")], label, never);
    expect([home.disk.look(CONFIG)?.mode, home.disk.look(WORK)?.mode]).toEqual([mode, 0o600]);
  }
});

test("everything in the state folder is private to its owner, and out of git", () => {
  const { disk, store } = world({ [CONFIG]: ONE });
  store.commit([change(ONE, TWO)], label, never);
  const modes = [STATE, ...disk.tree(STATE)]
    .map((path) => disk.look(path))
    .map((stat) => `${stat?.kind} ${stat?.mode.toString(8)}`);
  expect(new Set(modes)).toEqual(new Set(["dir 700", "file 600"]));
  expect(disk.text(`${STATE}/.gitignore`)).toBe("*\n");
});

test("the journal names roles and digests, never a path or a value", () => {
  const { disk, store } = world({ [CONFIG]: 'key = "sk-OLD"\n' });
  const more = { ...label, values: ["sk-NEW"], touched: label.touched.map((touch) => ({ ...touch, value: "sk-NEW" })) };
  const entry = store.commit([change('key = "sk-OLD"\n', 'key = "sk-NEW"\n')], more, never);
  const record = disk.text(`${STATE}/history/${entry?.id}/record.json`);
  expect(record).toContain('"file":"config"');
  expect(record).not.toMatch(/sk-|\/home|config\.toml/);
});

test("refuses a read-only file with the command that opens it, and a foreign owner's file", () => {
  const readOnly = world();
  readOnly.disk.put(CONFIG, ONE, { mode: 0o444 });
  readOnly.disk.now += 60_000;
  expect(outcome(readOnly)).toEqual(["unsafe-file", ONE]);
  const foreign = world();
  foreign.disk.put(CONFIG, ONE, { mode: 0o666, uid: 2000 });
  foreign.disk.now += 60_000;
  expect([...outcome(foreign), litter(foreign.disk)]).toEqual(["unsafe-file", ONE, []]);
});

test("root leaves nothing of its own in somebody else's home", () => {
  const { disk } = world({ [CONFIG]: ONE });
  disk.put(WORK, ONE, { uid: 1000, gid: 7, mode: 0o660 });
  disk.now += 60_000;
  disk.uid = 0;
  disk.gid = 0;
  const changes = [change(ONE, TWO), change(ONE, TWO, "profile:work"), change(null, ONE, "profile:new")];
  onDisk(disk).store.commit(changes, label, never);
  const owners = disk
    .tree(HOME)
    .map((path) => disk.look(path))
    .map((stat) => `${stat?.uid} ${stat?.gid}`);
  expect(new Set(owners)).toEqual(new Set(["1000 1000", "1000 7"]));
  expect(disk.look(WORK)).toMatchObject({ gid: 7, mode: 0o660 });
});

test("writes the file behind a link and leaves the link", () => {
  for (const target of ["../dots/config.toml", "/home/u/dots/config.toml", "../dots/hop.toml"]) {
    const { disk, store } = world();
    disk.putFolder("/home/u/dots");
    disk.put("/home/u/dots/config.toml", ONE, { mode: 0o644 });
    disk.putLink("/home/u/dots/hop.toml", "config.toml");
    disk.putLink(CONFIG, target);
    disk.now += 60_000;
    store.commit([change(ONE, TWO)], label, never);
    expect([disk.look(CONFIG)?.target, disk.text("/home/u/dots/config.toml"), litter(disk)]).toEqual([target, TWO, []]);
    expect(store.read("config").realPath).toBe("/home/u/dots/config.toml");
  }
});

test("takes `..` in a link from where a linked home really is", () => {
  const { disk } = world();
  disk.putFolder("/home/dots");
  disk.putFolder("/home/dots/codex");
  disk.put("/home/dots/shared.toml", ONE);
  disk.putLink("/home/dots/codex/config.toml", "../shared.toml");
  disk.putLink("/home/u/linked", "/home/dots/codex");
  disk.now += 60_000;
  const store = open(onDisk(disk).host, "/home/u/linked");
  store.commit([change(ONE, TWO)], label, never);
  expect([store.read("config").realPath, disk.text("/home/dots/shared.toml")]).toEqual(["/home/dots/shared.toml", TWO]);
});

test("creates the file that a dangling link names, when its folder exists", () => {
  const dangling = (target: string): World => {
    const home = world();
    home.disk.putFolder("/home/u/dots");
    home.disk.putLink(CONFIG, target);
    return home;
  };
  const good = dangling("../dots/new.toml");
  expect(outcome(good, null)).toEqual(["none", TWO]);
  expect(good.disk.look(CONFIG)?.kind).toBe("link");
  expect(outcome(dangling("../nowhere/new.toml"), null)[0]).toBe("unsafe-file");
});

test("refuses links in a circle, a chain too long, and what is no regular file", () => {
  const odd: Record<string, (disk: MemoryDisk) => void> = {
    "chain too long": (disk) => {
      disk.put(`${HOME}/l0`, ONE);
      for (let n = 0; n < 40; n++) disk.putLink(`${HOME}/l${n + 1}`, `l${n}`);
      disk.putLink(CONFIG, "l40");
    },
    circle: (disk) => disk.putLink(CONFIG, "config.toml"),
    "two-step circle": (disk) => {
      disk.putLink(CONFIG, "x");
      disk.putLink(`${HOME}/x`, "config.toml");
    },
    pipe: (disk) => disk.putOther(CONFIG),
    folder: (disk) => disk.putFolder(CONFIG),
    "link to a folder": (disk) => disk.putLink(CONFIG, "."),
    "17 MiB": (disk) => disk.put(CONFIG, new Uint8Array(17 * 1024 * 1024)),
  };
  for (const [name, put] of Object.entries(odd)) {
    const home = world();
    put(home.disk);
    home.disk.now += 60_000;
    expect([name, codeOf(() => home.store.read("config"))]).toEqual([name, "unsafe-file"]);
    const commit = () => home.store.commit([change(ONE, TWO)], label, never);
    expect([name, codeOf(commit), litter(home.disk)]).toEqual([name, "unsafe-file", []]);
  }
});

test("what was published is taken back when the next file will not be replaced", () => {
  const { disk, host, store } = world({ [CONFIG]: ONE, [WORK]: ONE });
  disk.onCall = (name, path) => {
    if (name === "rename" && path === WORK) throw Object.assign(new Error("immutable"), { code: "EPERM", path });
  };
  const commit = () => store.commit([change(ONE, TWO), change(ONE, TWO, "profile:work")], label, never);
  expect([codeOf(commit), disk.text(CONFIG), disk.text(WORK), litter(disk)]).toEqual(["io", ONE, ONE, []]);
  expect([open(host).pending(), open(host).history().entries]).toEqual([[], []]);
});

test("refuses to remove the file behind a link", () => {
  const home = world();
  home.disk.put(`${HOME}/real.toml`, ONE);
  home.disk.putLink(CONFIG, "real.toml");
  home.disk.now += 60_000;
  expect(outcome(home, ONE, null)).toEqual(["unsafe-file", ONE]);
});

test("refuses two names that are one file", () => {
  const { disk, store } = world({ [CONFIG]: ONE });
  disk.putLink(WORK, CONFIG);
  const commit = () => store.commit([change(ONE, TWO), change(ONE, TWO, "profile:work")], label, never);
  expect([codeOf(commit), disk.text(CONFIG)]).toEqual(["unsafe-file", ONE]);
});

test("bytes that are no UTF-8 are refused with their place, and a BOM and CRLF are text", () => {
  const { disk, store } = world();
  disk.put(CONFIG, Buffer.from([0x61, 0xef, 0xbf, 0xbd, 0xff, 0x62]));
  disk.put(WORK, "\uFEFFa = 1\r\nb = 2");
  disk.now += 60_000;
  expect(() => store.read("config")).toThrow("(byte 4)");
  expect(store.read("profile:work").text).toBe("\uFEFFa = 1\r\nb = 2");
  store.commit([change("\uFEFFa = 1\r\nb = 2", "\uFEFFa = 1\r\nb = 3", "profile:work")], label, never);
  expect(disk.text(WORK)).toBe("\uFEFFa = 1\r\nb = 3");
});

test("half a character is never written", () => {
  expect(outcome(world({ [CONFIG]: ONE }), ONE, "a = '\uD800'\n")).toEqual(["internal", ONE]);
});

test("waits for a file that is being written, unless it wrote it itself", () => {
  const { disk, host, store } = world({ [CONFIG]: ONE });
  disk.put(CONFIG, "");
  let looks = 0;
  disk.onCall = (name, path) => {
    if (name !== "stat" || path !== CONFIG) return;
    looks += 1;
    if (looks === 2) disk.put(CONFIG, TWO);
  };
  expect(store.read("config").text).toBe(TWO);
  disk.onCall = undefined;
  store.commit([change(TWO, ONE)], label, never);
  const now = host.now();
  expect([store.read("config").text, host.now() - now]).toEqual([ONE, 0]);
});

test("an empty file is looked at twice, however old it seems: a cut shows in the size before it shows in the time", () => {
  const { disk, host, store } = world({ [CONFIG]: "" });
  const now = host.now();
  expect([store.read("config").text, host.now() - now]).toEqual(["", 50]);
  let looks = 0;
  disk.onCall = (name, path) => {
    if (name === "read" && path === CONFIG) looks += 1;
    if (looks === 2) disk.put(CONFIG, TWO);
  };
  expect(store.read("config").text).toBe(TWO);
});

test("does not trust a reading in the middle of which the file was cut", () => {
  const { disk, store } = world({ [CONFIG]: ONE });
  let reads = 0;
  disk.onRead = () => {
    reads += 1;
    if (reads === 1) disk.overwrite(CONFIG, "");
    if (reads === 2) disk.overwrite(CONFIG, TWO);
  };
  expect(store.read("config").text).toBe(TWO);
});

test("a file from the future, or a clock that stands still, costs one pause and no more", () => {
  const { disk, host, store } = world();
  disk.now += 86_400_000;
  disk.put(CONFIG, ONE);
  disk.now -= 86_400_000;
  const now = host.now();
  expect([store.read("config").text, host.now() - now <= 100]).toEqual([ONE, true]);
});

test("a file that never rests is reported as busy", () => {
  const { disk, store } = world();
  disk.onCall = () => disk.put(CONFIG, `t = ${disk.now}\n`);
  expect(codeOf(() => store.read("config"))).toBe("file-busy");
});

test("root follows a link in somebody's home only to what is theirs, and gives no file a set-user-id bit", () => {
  const asRoot = (target: string, owner: number): World => {
    const { disk } = world();
    disk.putFolder("/etc", { uid: 0 });
    disk.putFolder("/home/u/dots", { uid: owner });
    disk.put("/etc/there.toml", ONE, { uid: 0 });
    disk.put("/home/u/dots/there.toml", ONE, { uid: owner, mode: 0o4755 });
    disk.putLink(CONFIG, target);
    disk.now += 60_000;
    Object.assign(disk, { uid: 0, gid: 0 });
    return onDisk(disk);
  };
  for (const target of ["/etc/there.toml", "/etc/new.toml"]) {
    const home = asRoot(target, 1000);
    const before = target.includes("there") ? ONE : null;
    expect([codeOf(() => home.store.commit([change(before, TWO)], label, never)), home.disk.text(target)]).toEqual([
      "unsafe-file",
      before,
    ]);
    expect(litter(home.disk)).toEqual([]);
  }
  const own = asRoot("/home/u/dots/there.toml", 1000);
  expect(outcome(own)).toEqual(["none", TWO]);
  expect(own.disk.look("/home/u/dots/there.toml")?.mode).toBe(0o755);
});

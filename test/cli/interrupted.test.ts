/** What a command says of a change that an earlier one left unfinished, and how it ends. */
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";
import { forge, journalOf, ofTomorrow } from "../store/dead.ts";
import { CONFIG, HOME, litter, onDisk, STATE, world } from "../store/world.ts";

const VERSION = ["--codex-version", "0.169.0"];
const APPLY = ["apply", "http-sse"];
const PROFILE = `${HOME}/http_sse.config.toml`;

async function run(disk: MemoryDisk, ...argv: readonly string[]) {
  const host = memoryHost({ disk });
  const exit = await main([...argv, ...VERSION], host);
  return { exit, ...host.printed, said: host.printed.out + host.printed.err };
}

/** A home where `apply http-sse` died as soon as this was true of it. */
async function died(when: (disk: MemoryDisk) => boolean): Promise<MemoryDisk> {
  for (let k = 1; ; k++) {
    const { disk } = world({ [CONFIG]: 'model = "m"\n' });
    disk.failAt(k, "die-after");
    if ((await run(disk, ...APPLY)).exit === 0) throw new Error("it never was");
    disk.revive();
    disk.now += 60_000;
    if (when(disk)) return disk;
  }
}

const midway = () => died((disk) => disk.look(PROFILE) !== null && disk.text(CONFIG) === 'model = "m"\n');
const drafted = () => died((disk) => disk.text(journalOf(disk, "draft.json") ?? "")?.endsWith("}\n") === true);
const idOf = (disk: MemoryDisk) => onDisk(disk).store.pending()[0]?.id ?? "none";

/** A home whose journal was made something else. */
async function changed(change: (record: string) => string): Promise<MemoryDisk> {
  const disk = await midway();
  const path = journalOf(disk, "commit.json") ?? "";
  disk.put(path, change(disk.text(path) ?? ""));
  return disk;
}

const damaged = () => changed((text) => text.slice(0, -20));
const newer = () => changed((text) => ofTomorrow(text));

test("without one nobody speaks of any", async () => {
  const { disk } = world({ [CONFIG]: 'model = "m"\n' });
  await run(disk, ...APPLY);
  for (const verb of ["status", "validate", "doctor", "history"]) {
    const { exit, said } = await run(disk, verb);
    expect([exit, said], verb).toEqual([0, expect.not.stringMatching(/interrupted|pending/)]);
  }
});

describe("who looks", () => {
  test.each(["status", "validate", "doctor"])("with %s gets no for an answer", async (verb) => {
    for (const make of [midway, damaged, newer]) {
      const disk = await make();
      const { exit, said } = await run(disk, verb);
      expect([exit, said]).toEqual([1, expect.stringContaining("interrupted")]);
      expect(said).toContain(idOf(disk));
      expect((await run(disk, verb, "--json")).exit).toBe(1);
    }
  });

  test("is told what to do: finish it, look at it, or update", async () => {
    const [one, two, three] = [await midway(), await damaged(), await newer()];
    expect((await run(one, "history")).err).toContain(`codex-cfg --codex-version 0.169.0 revert ${idOf(one)}`);
    const folder = `${STATE}/tx/${idOf(two)}`;
    expect((await run(two, "history")).err).toContain(`mv ${folder} ${STATE}/damaged-${idOf(two)}`);
    expect((await run(three, "history")).err).toContain("update codex-cfg");
  });

  test("is told so by every verb, on standard error at the end, and once", async () => {
    const disk = await midway();
    for (const argv of [
      ["history"],
      ["mcp", "list"],
      ["get", "model"],
      ["provider"],
      ["show"],
      ["diff"],
      ["presets"],
    ]) {
      const { err, out } = await run(disk, ...argv);
      expect([err.match(/interrupted midway/g)?.length, out], argv.join(" ")).toEqual([
        1,
        expect.not.stringContaining("interrupted"),
      ]);
    }
    for (const argv of [["status"], ["validate"], ["doctor"]])
      expect((await run(disk, ...argv)).err, argv.join(" ")).not.toContain("interrupted midway");
  });

  test("is told by a dry run that the preview is of files that do not fit together", async () => {
    const disk = await midway();
    const before = disk.tree(HOME);
    for (const argv of [
      [...APPLY, "-n"],
      ["set", "model", "m", "-n"],
      ["migrate", "--check"],
      ["mcp", "bisect", "reset", "-n"],
    ]) {
      const { exit, err } = await run(disk, ...argv);
      expect([exit, err.match(/interrupted midway/g)?.length], argv.join(" ")).toEqual([0, 1]);
    }
    const { findings } = JSON.parse((await run(disk, "revert", "-n", "--json")).out);
    expect(findings).toMatchObject([{ code: "interrupted-change", severity: "warning", args: { state: "midway" } }]);
    expect(disk.tree(HOME)).toEqual(before);
  });

  test("hears of one that had not written anything only from status, as of no harm", async () => {
    const disk = await drafted();
    const status = await run(disk, "status");
    expect([status.exit, status.out]).toEqual([0, expect.stringContaining("interrupted before it wrote anything")]);
    for (const verb of ["validate", "doctor", "history"])
      expect([verb, (await run(disk, verb)).said]).toEqual([verb, expect.not.stringContaining("interrupted")]);
  });

  test("hears of one that is being made right now the same way", async () => {
    const disk = await midway();
    const { pid } = JSON.parse(disk.text(`${STATE}/lock`) ?? "{}") as { pid: number };
    const host = memoryHost({ disk });
    host.processes.set(pid, `start-${pid}`);
    expect([await main(["status", ...VERSION], host), host.printed.out]).toEqual([
      0,
      expect.stringContaining("being made right now"),
    ]);
  });

  test("at a file of another place hears nothing of it", async () => {
    const disk = await midway();
    disk.put("/home/u/x.toml", 'model = "m"\n');
    expect(await run(disk, "validate", "/home/u/x.toml")).toMatchObject({
      exit: 0,
      said: expect.not.stringContaining("interrupted"),
    });
  });
});

describe("who writes", () => {
  test.each<[string, readonly string[]]>([
    ["the same", APPLY],
    ["something that is so already", ["set", "model", "m"]],
    ["something else", ["set", "model", "other"]],
    ["a fix of what is not wrong", ["doctor", "--fix"]],
    ["the end of no search", ["mcp", "bisect", "reset"]],
  ])("%s finishes it first, says so, and leaves nothing behind", async (_, argv) => {
    const disk = await midway();
    const id = idOf(disk);
    const { exit, err } = await run(disk, ...argv);
    expect([exit, err]).toEqual([
      0,
      expect.stringContaining(`note: an interrupted change (${id}) was found and completed`),
    ]);
    expect([litter(disk), disk.text(CONFIG)]).toEqual([[], expect.stringContaining("[model_providers.openai-http]")]);
    const again = await run(disk, ...argv);
    expect(again.err).not.toContain("interrupted");
  });

  test("is told in JSON, too", async () => {
    const disk = await midway();
    const id = idOf(disk);
    const { findings } = JSON.parse((await run(disk, ...APPLY, "--json")).out);
    expect(findings).toContainEqual(expect.objectContaining({ code: "recovered", args: { id, outcome: "completed" } }));
  });

  test("is refused where nobody can tell what was done, whatever there is to do", async () => {
    for (const [make, code] of [
      [damaged, "damaged-journal"],
      [newer, "newer-state"],
    ] as const) {
      const disk = await make();
      const texts = () => [disk.text(CONFIG), disk.text(PROFILE), disk.tree(`${STATE}/tx`)];
      const before = texts();
      for (const argv of [APPLY, ["set", "model", "m"], ["revert"], ["mcp", "bisect", "reset"], ["doctor", "--fix"]]) {
        const { exit, err } = await run(disk, ...argv);
        expect([exit, err], argv.join(" ")).toEqual([3, expect.stringContaining(`[${code}]`)]);
      }
      expect(texts()).toEqual(before);
    }
  });

  test("and takes it back by its id finishes it before", async () => {
    const disk = await midway();
    expect((await run(disk, "revert", idOf(disk))).exit).toBe(0);
    expect([disk.text(CONFIG), disk.look(PROFILE)]).toEqual(['model = "m"\n', null]);
  });

  test("ends with 5 when the disk fails before it is finished", async () => {
    const disk = await midway();
    disk.onCall = (name, path) => {
      if (name === "rename" && path === CONFIG) throw Object.assign(new Error("EIO"), { code: "EIO", path });
    };
    const { exit, err } = await run(disk, "set", "model", "m");
    expect([exit, err]).toEqual([
      5,
      expect.stringContaining(`an interrupted change (${idOf(disk)}) could not be finished`),
    ]);
  });
});

describe("a revert that was completed just now", () => {
  /** Two changes of one preset, and a revert of the newer that died when its journal was at its end. */
  async function reverted(...words: readonly string[]): Promise<MemoryDisk> {
    const { disk } = world({ [CONFIG]: 'model = "m"\n' });
    await run(disk, ...APPLY);
    await run(disk, ...APPLY, "--profile", "two");
    disk.now += 60_000;
    let isDying = false;
    disk.onCall = (name, path) => {
      if (isDying) disk.failAt(0, "die-before");
      isDying ||= name === "rename" && path.endsWith("/record.json");
    };
    await run(disk, "revert", ...words);
    disk.onCall = undefined;
    disk.revive();
    disk.now += 60_000;
    return disk;
  }
  const active = (disk: MemoryDisk) => [`${HOME}/two.config.toml`, PROFILE].map((path) => disk.look(path) !== null);

  test.each<[string, readonly string[]]>([
    ["without a name", []],
    ["by the preset's name", ["http-sse"]],
  ])("is the answer to the same command %s, which takes back nothing more", async (_, words) => {
    const disk = await reverted(...words);
    const { exit, err, out } = await run(disk, "revert", ...words);
    expect([exit, err]).toEqual([0, expect.stringMatching(/was found and completed\ndone \(/)]);
    expect([out, active(disk)]).toEqual([expect.stringContaining("--- a/two.config.toml"), [false, true]]);
    await run(disk, "revert", ...words);
    expect(active(disk)).toEqual([false, false]);
  });

  test("is shown in JSON as the change that it is", async () => {
    const document = JSON.parse((await run(await reverted(), "revert", "--json")).out);
    expect(document).toMatchObject({ changed: true, entry: { reverts: [expect.any(String)] } });
    expect(document.files.map(({ file }: { file: string }) => file)).toContain("two.config.toml");
  });

  test("is no answer to a revert of something else, or of all", async () => {
    const disk = await reverted();
    const [first] = onDisk(disk).store.history().entries;
    await run(disk, "revert", first?.id ?? "");
    expect(active(disk)).toEqual([false, false]);
    const other = await reverted();
    await run(other, "revert", "--all");
    expect(active(other)).toEqual([false, false]);
  });
});

describe("a step of a search that was completed just now", () => {
  const SERVERS = ["a", "b", "c", "d"].map((name) => `[mcp_servers.${name}]\ncommand = "x"\n`).join("\n");

  /** A search by hand, whose last command died when its journal was at its end. */
  async function searched(...answers: readonly string[]): Promise<MemoryDisk> {
    const { disk } = world({ [CONFIG]: SERVERS });
    for (const answer of answers.slice(0, -1)) expect((await run(disk, "mcp", "bisect", answer)).exit).toBe(0);
    disk.now += 60_000;
    let isDying = false;
    disk.onCall = (name, path) => {
      if (isDying) disk.failAt(0, "die-before");
      isDying ||= name === "rename" && path.endsWith("/record.json");
    };
    await run(disk, "mcp", "bisect", answers.at(-1) ?? "");
    disk.onCall = undefined;
    disk.revive();
    disk.now += 60_000;
    return disk;
  }

  test.each<[string, readonly string[], number, string]>([
    ["start", ["start"], 0, "on: a, b; off: c, d"],
    ["bad", ["start", "bad"], 0, "on: a; off: b, c, d"],
    ["good", ["start", "good"], 0, "on: a, b, c; off: d"],
    ["the last good", ["start", "good", "good", "bad"], 0, "it is d"],
    ["the last bad", ["start", "bad", "bad", "bad"], 1, "it fails with all of them off"],
  ])("is the answer to the same command: %s", async (_, answers, exit, says) => {
    const disk = await searched(...answers);
    const ran = await run(disk, "mcp", "bisect", answers.at(-1) ?? "");
    expect([ran.exit, ran.err]).toEqual([exit, expect.stringContaining(says)]);
    const config = disk.text(CONFIG);
    if (exit === 0) expect((await run(disk, "mcp", "bisect", "status")).out).toContain(says);
    expect([disk.text(CONFIG), litter(disk)]).toEqual([config, []]);
  });

  test("is none to another answer, when the search was over", async () => {
    const disk = await searched("start", "bad", "bad", "bad");
    expect(await run(disk, "mcp", "bisect", "good")).toMatchObject({ exit: 2 });
  });

  test("is taken back with all the others by reset", async () => {
    const disk = await searched("start", "bad");
    expect((await run(disk, "mcp", "bisect", "reset")).exit).toBe(0);
    expect(disk.text(CONFIG)).toBe(SERVERS);
  });
});

test("a record of a command that nobody can read is told without it", async () => {
  const disk = await changed((text) => forge(text, (record) => Object.assign(record, { command: 1 })));
  expect((await run(disk, "history")).err).toContain("its journal cannot be read");
});
